using Concordat.Core.Ledger;

namespace Concordat.Core.Tests.Ledger;

public sealed class LedgerPolicyTests : IDisposable
{
    private readonly SampleLedger ledger = new(1);

    public void Dispose() => ledger.Dispose();

    [Fact]
    public void Parse_CommentsAndBlanks_Skipped()
    {
        var policy = LedgerPolicy.Parse($"# ours\n\n  log\t{ledger.Key.Verifier}   https://concordat.example/ledger/1\r\nquorum none\n").Value;

        Assert.Equal(ledger.Key.Verifier.ToString(), Assert.Single(policy.Logs).Key.ToString());
        Assert.True(policy.IsQuorum(new HashSet<VerifierKey>()));
    }

    [Theory]
    [InlineData("log x+00000000+Ag==")]
    [InlineData("valid concordat.example/ledger/1 sizes <= 5")]
    [InlineData("LOG\nvalid concordat.example/ledger/1 sizes <= 05")]
    [InlineData("LOG\nvalid concordat.example/ledger/1 sizes <= 5\nvalid concordat.example/ledger/1 sizes <= 6")]
    [InlineData("LOG\nvalid other sizes <= 5")]
    [InlineData("LOG\nquorum nobody")]
    [InlineData("LOG\nquorum none\nquorum none")]
    [InlineData("LOG\ngroup g 1 w1")]
    [InlineData("LOG\nmonitor x")]
    [InlineData("LOG\nwitness w1 LEDGERKEY")]
    [InlineData("# nothing")]
    public void Parse_Fault_Refused(string text)
    {
        var key = ledger.Key.Verifier.ToString();

        Assert.NotNull(LedgerPolicy.Parse(text.Replace("LOG", $"log {key}", StringComparison.Ordinal).Replace("LEDGERKEY", key, StringComparison.Ordinal)).Problem);
    }

    // The worked receipt of docs/ledger-format.md, cosigned by a witness. Made with openssl, not with this code.
    [Fact]
    public void Verify_WorkedReceipt_Ok()
    {
        var verdict = new ReceiptVerifier(WorkedPolicy).Verify(Worked);

        Assert.Equal(ReceiptCode.Ok, verdict.Code);
        Assert.Equal(new OpenedDisclosure("email", "someone@example.com"), Assert.Single(verdict.Facts!.Opened));
    }

    [Theory]
    [InlineData("witness.example", "stranger.example", "quorum w", ReceiptCode.Quorum)]
    [InlineData("witness.example", "stranger.example", "quorum none", ReceiptCode.Ok)]
    [InlineData("", "", "group g any w\nquorum g", ReceiptCode.Ok)]
    [InlineData("witness.example", "stranger.example", "group g all w\ngroup h 1 g\nquorum h", ReceiptCode.Quorum)]
    public void Verify_Quorum_Needed(string old, string replacement, string quorum, ReceiptCode code)
    {
        var policy = LedgerPolicy.Parse(File.ReadAllText(Golden("worked-policy.txt")).Replace("quorum w", quorum, StringComparison.Ordinal)).Value;
        var text = System.Text.Encoding.UTF8.GetString(Worked);
        var note = old.Length == 0 ? text : text.Replace(old, replacement, StringComparison.Ordinal);

        Assert.Equal(code, new ReceiptVerifier(policy).Verify(System.Text.Encoding.UTF8.GetBytes(note)).Code);
    }

    [Fact]
    public void Verify_CosignatureChanged_Quorum()
    {
        var receipt = Receipt.Parse(Worked)!;
        var cosignature = receipt.Note.Signatures[1];
        for (var i = 0; i < cosignature.Signature.Length; i++)
        {
            var changed = cosignature.Signature.ToArray();
            changed[i] ^= 0x10;
            var note = receipt.Note with { Signatures = [receipt.Note.Signatures[0], cosignature with { Signature = changed }] };

            Assert.Equal(ReceiptCode.Quorum, new ReceiptVerifier(WorkedPolicy).Verify((receipt with { Note = note }).ToBytes()).Code);
        }
    }

    private static LedgerPolicy WorkedPolicy => LedgerPolicy.Parse(File.ReadAllText(Golden("worked-policy.txt"))).Value;

    private static byte[] Worked => File.ReadAllBytes(Golden("worked.tlog-proof"));

    private static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", "ledger", name);
}
