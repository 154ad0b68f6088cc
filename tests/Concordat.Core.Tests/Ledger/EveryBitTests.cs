using Concordat.Core.Ledger;

namespace Concordat.Core.Tests.Ledger;

/// <summary>Every single bit of a ledger of 200 entries (1,000 in the long campaigns): entries, tiles, checkpoint, signature, receipt.</summary>
public sealed class EveryBitTests : IDisposable
{
    private readonly SampleLedger ledger = new(Environment.GetEnvironmentVariable("CONCORDAT_TEST_FULL") == "1" ? 1000 : 200);

    public void Dispose() => ledger.Dispose();

    [Fact]
    public void Entries_OneBitChanged_AreOutOfTheTree()
    {
        var (size, root) = (ledger.Frontier.Size, ledger.Frontier.Root);
        var missed = Enumerable.Range(0, (int)size).AsParallel().Sum(index =>
        {
            var path = ledger.Path(index, size);
            var entry = ledger.Entries[index].ToArray();
            Assert.True(MerkleProof.Includes(index, size, LeafHash.Of(entry), path, root));
            return Flips(entry).Count(_ => MerkleProof.Includes(index, size, LeafHash.Of(entry), path, root));
        });

        Assert.Equal(0, missed);
    }

    [Fact]
    public void Tiles_OneBitChanged_HaveAnotherRoot()
    {
        var (size, root) = (ledger.Frontier.Size, ledger.Frontier.Root);
        var hashes = ledger.Entries.Select(entry => LeafHash.Of(entry)).ToList();
        var missed = Enumerable.Range(0, (int)size).AsParallel().Sum(index =>
        {
            var path = ledger.Path(index, size);
            var hash = hashes[index].ToArray();
            return Flips(hash).Count(_ => MerkleProof.Includes(index, size, hash, path, root));
        });

        Assert.Equal(0, missed);
    }

    [Fact]
    public void Checkpoint_OneBitChanged_IsRefused()
    {
        var (note, policy) = (ledger.Note.ToBytes(), ledger.Policy);
        Assert.Equal(ReceiptCode.Ok, NoteVerifier.Check(SignedNote.Parse(note)!, policy));

        Assert.Equal(0, Flips(note).Count(_ => SignedNote.Parse(note) is { } parsed && NoteVerifier.Check(parsed, policy) == ReceiptCode.Ok));
    }

    [Fact]
    public void Receipt_OneBitChanged_IsRefused()
    {
        var (receipt, verifier) = (ledger.Receipt(7).ToBytes(), new ReceiptVerifier(ledger.Policy));
        Assert.Equal(ReceiptCode.Ok, verifier.Verify(receipt).Code);

        Assert.Equal(0, Flips(receipt).Count(_ => verifier.Verify(receipt).Code == ReceiptCode.Ok));
    }

    // Nothing is found where nothing was changed.
    [Fact]
    public void Receipts_Untouched_AllVerify()
    {
        var (verifier, note) = (new ReceiptVerifier(ledger.Policy), ledger.Note);

        Assert.All(Enumerable.Range(0, ledger.Entries.Count), index => Assert.Equal(ReceiptCode.Ok, verifier.Verify(ledger.Receipt(index, note).ToBytes()).Code));
    }

    /// <summary>Changes one bit after the other, each only while it is looked at.</summary>
    private static IEnumerable<int> Flips(byte[] bytes)
    {
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return bit;
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }
}
