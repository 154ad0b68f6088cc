using System.Globalization;
using Concordat.Core.Ledger;

namespace Concordat.Core.Tests.Ledger;

/// <summary>The public cases of transparency-dev/merkle, all 196 of them.</summary>
public class MerkleProofTests
{
    private static readonly string[][] Cases =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", "ledger", "merkle-proofs.txt"))
            .Where(line => !line.StartsWith('#')).Select(line => line.Split('|')),
    ];

    [Fact]
    public void Cases_OfEachKind_98() => Assert.Equal([98, 98], Cases.CountBy(words => words[0]).Select(pair => pair.Value));

    [Fact]
    public void EveryCase_AnswersAsPublished()
    {
        var wrong = Cases.Where(words => Verify(words) != (words[7] == "yes")).Select(words => $"{words[0]} {words[1]}");

        Assert.Empty(wrong);
    }

    private static bool Verify(string[] words)
    {
        // Beyond 2^63 - 1 nothing is a size or an index here; the cast makes it negative.
        var first = unchecked((long)ulong.Parse(words[2], CultureInfo.InvariantCulture));
        var second = unchecked((long)ulong.Parse(words[3], CultureInfo.InvariantCulture));
        var path = words[6].Length == 0 ? [] : words[6].Split(',').Select(Bytes).ToList();
        return words[0] == "inclusion"
            ? MerkleProof.Includes(first, second, Bytes(words[4]), path, Bytes(words[5]))
            : MerkleProof.Extends(first, second, Bytes(words[4]), Bytes(words[5]), path);
    }

    private static byte[] Bytes(string base64) => base64 == "-" ? [] : Convert.FromBase64String(base64);
}
