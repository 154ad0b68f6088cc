using System.Text;
using Concordat.Core.Ledger;

namespace Concordat.Core.Tests.Ledger;

public class TreeTests
{
    private const int Size = 600;

    private static readonly List<byte[]> Hashes = [.. Enumerable.Range(0, Size).Select(i => LeafHash.Of(BitConverter.GetBytes(i)))];

    // Leaf inputs and roots that transparency-dev/merkle publishes as constants (Apache License 2.0).
    private static readonly string[] PublishedLeaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    [Fact]
    public void Root_PublishedLeaves_PublishedRoots()
    {
        var frontier = new TreeFrontier();
        var roots = new List<string> { Convert.ToHexStringLower(frontier.Root) };
        foreach (var leaf in PublishedLeaves)
        {
            frontier.Append(LeafHash.Of(Convert.FromHexString(leaf)));
            roots.Add(Convert.ToHexStringLower(frontier.Root));
        }

        Assert.Equal(
        [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ], roots);
    }

    [Fact]
    public void Root_WorkedVector_IsThePublishedRoot()
    {
        string[] entries =
        [
            """{"_sd":["QteiOogLz8dC4g8Yr0exU4omaEbNksnAqwg_r2tOXUw"],"_sd_alg":"sha-256","id":"01980000-0000-7000-8000-000000000001","kind":"attestation.accepted","v":1}""",
            """{"id":"01980000-0000-7000-8000-000000000002","kind":"ledger.heartbeat","v":1}""",
            """{"id":"01980000-0000-7000-8000-000000000003","kind":"ledger.heartbeat","v":1}""",
        ];
        var hashes = entries.Select(entry => LeafHash.Of(Encoding.UTF8.GetBytes(entry))).ToList();
        var frontier = new TreeFrontier();
        hashes.ForEach(frontier.Append);

        Assert.Equal("f9a0741ddad17ef556b4c8be34145b81831abaf9bb78369c2b39d3bceb14b2ab", Convert.ToHexStringLower(hashes[2]));
        Assert.Equal("f6dea51c8824e9139f0ad4cb35fa38e8f1f4b2ef19b1c2508ae31a2adf8f1922", Convert.ToHexStringLower(TreeHash.Node(hashes[0], hashes[1])));
        Assert.Equal("V3joQUK5Kqp5ZyUs3AvsJnDFrQEfY8LMkmzdelsGXBk=", Convert.ToBase64String(frontier.Root));
    }

    [Fact]
    public void Frontier_EverySize_HasTheRootOfTheDefinition()
    {
        var frontier = new TreeFrontier();
        for (var size = 0; size <= Size; size++)
        {
            Assert.Equal(Definition(0, size), frontier.Root);
            Assert.Equal(frontier.Root, TreeFrontier.Of(size, NodeAt).Root);
            Assert.Equal(frontier.Root, new LeafRange(0, size).Hash(NodeAt));
            if (size < Size)
            {
                frontier.Append(Hashes[size]);
            }
        }
    }

    [Fact]
    public void Inclusion_EveryLeafOfEverySmallTree_Verifies()
    {
        for (var size = 1; size <= 70; size++)
        {
            for (var index = 0; index < size; index++)
            {
                var path = TreePath.Inclusion(index, size).Select(range => Definition((int)range.From, (int)range.To)).ToList();

                Assert.True(MerkleProof.Includes(index, size, Hashes[index], path, Definition(0, size)));
                Assert.False(MerkleProof.Includes(index, size, Hashes[index + 1], path, Definition(0, size)));
            }
        }
    }

    [Fact]
    public void Consistency_EveryPairOfSmallTrees_Verifies()
    {
        for (var to = 1; to <= 70; to++)
        {
            for (var from = 1; from <= to; from++)
            {
                var path = TreePath.Consistency(from, to).Select(range => Definition((int)range.From, (int)range.To)).ToList();

                Assert.True(MerkleProof.Extends(from, to, Definition(0, from), Definition(0, to), path));
                Assert.False(MerkleProof.Extends(from, to, Definition(1, from + 1), Definition(0, to), path));
            }
        }
    }

    // RFC 6962 section 2.1, word for word.
    private static byte[] Definition(int from, int to)
    {
        if (to - from < 2)
        {
            return to == from ? TreeHash.Empty : Hashes[from];
        }

        var k = 1;
        while (k * 2 < to - from)
        {
            k *= 2;
        }

        return TreeHash.Node(Definition(from, from + k), Definition(from + k, to));
    }

    private static byte[] NodeAt(TreeNode node) => Definition((int)(node.Index << node.Level), (int)((node.Index + 1) << node.Level));
}
