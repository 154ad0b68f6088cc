using Concordat.Core.Ledger;

namespace Concordat.Core.Tests.Ledger;

public class TileTests
{
    [Theory]
    [InlineData(0, 0, 256, "tile/0/000")]
    [InlineData(0, 1234067, 256, "tile/0/x001/x234/067")]
    [InlineData(1, 5, 17, "tile/1/005.p/17")]
    [InlineData(0, 999, 1, "tile/0/999.p/1")]
    [InlineData(2, 1000, 255, "tile/2/x001/000.p/255")]
    public void Path_Tile_AsSpecified(int level, long number, int width, string path)
    {
        Assert.Equal(path, new Tile(level, number, width).Path);
        Assert.True(Tile.TryReadNumber(path[(path.IndexOf('/', 5) + 1)..], out var read, out var readWidth));
        Assert.Equal((number, width), (read, readWidth));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("0001")]
    [InlineData("x000/001")]
    [InlineData("001/002")]
    [InlineData("x001")]
    [InlineData("001.p/0")]
    [InlineData("001.p/256")]
    [InlineData("001.p/07")]
    [InlineData("001.p/")]
    [InlineData("-01")]
    [InlineData("x999/x999/x999/x999/x999/x999/x999/999")]
    public void TryReadNumber_AnotherSpelling_Refused(string path) => Assert.False(Tile.TryReadNumber(path, out _, out _));

    [Fact]
    public void Tiles_OfATree_GiveEveryNode()
    {
        using var ledger = new SampleLedger(70_000 / 100);
        var hashes = ledger.Entries.Select(entry => LeafHash.Of(entry)).ToArray();
        foreach (var node in new LeafRange(0, hashes.Length).Nodes().Append(new TreeNode(3, 80)).Append(new TreeNode(8, 1)))
        {
            var tile = Tile.Holding(node, hashes.Length);
            var content = tile.Level == 0
                ? hashes.Skip((int)tile.Number * 256).Take(tile.Width)
                : Enumerable.Range(0, tile.Width).Select(i => ledger.NodeAt(new TreeNode(8, i)));

            Assert.Equal(ledger.NodeAt(node), Tile.NodeIn(content.SelectMany(hash => hash).ToArray(), node));
        }
    }

    [Fact]
    public void At_Widths_AreThoseOfTheSize()
    {
        Assert.Equal(256, Tile.At(0, 0, 700)!.Value.Width);
        Assert.Equal(188, Tile.At(0, 2, 700)!.Value.Width);
        Assert.Null(Tile.At(0, 3, 700));
        Assert.Equal(2, Tile.At(1, 0, 700)!.Value.Width);
        Assert.Null(Tile.At(2, 0, 700));
        Assert.Null(Tile.At(0, 1, 256));
    }

    [Fact]
    public void Bundle_Entries_RoundTrip()
    {
        byte[][] entries = [[1, 2, 3], [], new byte[LedgerEntry.MaxBytes]];
        var bytes = EntryBundle.ToBytes(entries);

        Assert.Equal(entries, EntryBundle.Read(bytes)!);
        Assert.Null(EntryBundle.Read(bytes.AsSpan(0, bytes.Length - 1)));
        Assert.Null(EntryBundle.Read([0]));
    }
}
