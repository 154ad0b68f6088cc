using System.Security.Cryptography;
using System.Text;
using Concordat.Core.Ledger;

namespace Concordat.Core.Tests.Ledger;

public sealed class NoteTests : IDisposable
{
    private readonly SampleLedger ledger = new(3);

    public void Dispose() => ledger.Dispose();

    // The key of sigstore's Rekor, which publishes it in this form.
    [Fact]
    public void Parse_RekorsKey_HasItsPublishedId()
    {
        const string rekor = "rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=";
        var key = VerifierKey.Parse(rekor);

        Assert.Equal("c0d23d6a", key?.Id);
        Assert.Equal(rekor, key!.ToString());
        Assert.Null(VerifierKey.Parse(rekor.Replace("c0d23d6a", "C0D23D6A", StringComparison.Ordinal)));
        Assert.Null(VerifierKey.Parse(rekor.Replace("c0d23d6a", "c0d23d6b", StringComparison.Ordinal)));
        Assert.Null(VerifierKey.Parse(rekor.Replace("WLc=", "WLd=", StringComparison.Ordinal)));
    }

    // RFC 8032 section 7.1, tests 1 to 3.
    [Theory]
    [InlineData("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "", "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72", "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82", "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    public void HasWitnessed_VectorOfRfc8032_True(string key, string message, string signature)
    {
        var witness = Witness("w", Convert.FromHexString(key));
        var bytes = Convert.FromHexString(signature);

        Assert.True(witness.HasWitnessed(Convert.FromHexString(message), bytes));
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            Assert.False(witness.HasWitnessed(Convert.FromHexString(message), bytes));
            bytes[i] ^= 1;
        }
    }

    [Fact]
    public void Parse_OwnNote_RoundTripsAndVerifies()
    {
        var note = SignedNote.Parse(ledger.Note.Text);

        Assert.Equal(3, note?.Checkpoint.Size);
        Assert.StartsWith("concordat.example/ledger/1\n3\n", note!.Text, StringComparison.Ordinal);
        Assert.Equal(ReceiptCode.Ok, NoteVerifier.Check(note, ledger.Policy));
    }

    [Theory]
    [InlineData("\n3\n", "\n03\n")]
    [InlineData("\n3\n", "\n+3\n")]
    [InlineData("\n3\n", "\n9223372036854775808\n")]
    [InlineData("\n3\n", "\n\n")]
    [InlineData("=\n\n", "=\nextension\n\n")]
    [InlineData("=\n\n", "\n\n")]
    [InlineData("— ", "- ")]
    [InlineData("— ", "—  ")]
    [InlineData("— concordat", "— con+cordat")]
    [InlineData("concordat.example/ledger/1\n3", "concordat.example/ledger/1\r\n3")]
    [InlineData("\n\n", "\n")]
    public void Parse_AnotherSpelling_Null(string old, string replacement) =>
        Assert.Null(SignedNote.Parse(ledger.Note.Text.Replace(old, replacement, StringComparison.Ordinal)));

    [Fact]
    public void Parse_LinesOfStrangers_AcceptedAndIgnored()
    {
        var strangers = string.Concat(Enumerable.Range(0, 31).Select(i => $"— stranger{i} {Convert.ToBase64String([1, 2, 3, 4, (byte)i])}\n"));

        Assert.Equal(ReceiptCode.Ok, NoteVerifier.Check(SignedNote.Parse(ledger.Note.Text + strangers)!, ledger.Policy));
        Assert.Null(SignedNote.Parse(ledger.Note.Text + strangers + "— stranger AQIDBAU=\n"));
        Assert.Null(SignedNote.Parse(ledger.Note.Text + "\n"));
        Assert.Null(SignedNote.Parse(ledger.Note.Text[..^1]));
    }

    [Fact]
    public void Check_SecondLineOfAKnownKeyIsWrong_Refused()
    {
        var good = ledger.Note;
        var bad = good.Signatures[0] with { Signature = ledger.Key.Sign(good.Checkpoint with { Size = 2 }).Signature };

        Assert.Equal(ReceiptCode.Ok, NoteVerifier.Check(good with { Signatures = [good.Signatures[0], good.Signatures[0]] }, ledger.Policy));
        Assert.Equal(ReceiptCode.Signature, NoteVerifier.Check(good with { Signatures = [good.Signatures[0], bad] }, ledger.Policy));
        Assert.Equal(ReceiptCode.Signature, NoteVerifier.Check(good with { Signatures = [new NoteSignature("x", "00000000", [1])] }, ledger.Policy));
    }

    [Fact]
    public void Check_ReplacedKey_GoodUpToItsSizeOnly()
    {
        var upTo2 = LedgerPolicy.Parse($"log {ledger.Key.Verifier}\nvalid {SampleLedger.Origin} sizes <= 2\n").Value;
        var upTo3 = LedgerPolicy.Parse($"log {ledger.Key.Verifier}\nvalid {SampleLedger.Origin} sizes <= 3\n").Value;

        Assert.Equal(ReceiptCode.Signature, NoteVerifier.Check(ledger.Note, upTo2));
        Assert.Equal(ReceiptCode.Ok, NoteVerifier.Check(ledger.Note, upTo3));
        Assert.Equal(upTo3.ToString(), LedgerPolicy.Parse(upTo3.ToString()).Value.ToString());
    }

    [Theory]
    [InlineData("308006")]
    [InlineData("3006020100020101")]
    [InlineData("3006020101020100")]
    [InlineData("300702020001020101")]
    [InlineData("300602018102010100")]
    [InlineData("3006020181020101")]
    [InlineData("30060201010201")]
    [InlineData("")]
    public void HasSigned_NotStrictDer_False(string der) => Assert.False(ledger.Key.Verifier.HasSigned("x"u8, Convert.FromHexString(der)));

    [Fact]
    public void HasSigned_NumberOfTheOrder_False()
    {
        var order = Convert.FromHexString("00FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

        Assert.False(ledger.Key.Verifier.HasSigned("x"u8, [0x30, 0x26, 0x02, 0x21, .. order, 0x02, 0x01, 0x01]));
    }

    private static VerifierKey Witness(string name, byte[] key)
    {
        var id = SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', VerifierKey.Witness, .. key]).AsSpan(0, 4);
        return VerifierKey.Parse($"{name}+{Convert.ToHexStringLower(id)}+{Convert.ToBase64String([VerifierKey.Witness, .. key])}")!;
    }
}
