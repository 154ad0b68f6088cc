using System.Text;
using Concordat.Core.Ledger;

namespace Concordat.Core.Tests.Ledger;

public sealed class ReceiptTests : IDisposable
{
    private readonly SampleLedger ledger = new(20);

    public void Dispose() => ledger.Dispose();

    [Fact]
    public void Verify_EveryReceipt_OkWithItsFacts()
    {
        var verifier = new ReceiptVerifier(ledger.Policy);
        for (var i = 0; i < ledger.Entries.Count; i++)
        {
            var verdict = verifier.Verify(ledger.Receipt(i).ToBytes());

            Assert.Equal(ReceiptCode.Ok, verdict.Code);
            Assert.Equal(i % 5 == 4 ? [] : ["company", "email", "lastName"], verdict.Facts!.Opened.Select(opened => opened.Name));
            Assert.Equal(0, verdict.Facts.Withheld);
        }
    }

    [Fact]
    public void Verify_ErasedPerson_OkAndWithheld()
    {
        var receipt = ledger.Receipt(0);
        var verdict = Verify(receipt with { Disclosures = [receipt.Disclosures[0]] });

        Assert.Equal(ReceiptCode.Ok, verdict.Code);
        Assert.Equal(2, verdict.Facts!.Withheld);
    }

    [Fact]
    public void Verify_GivenDocument_MustBeOneOfTheEntry()
    {
        var verifier = new ReceiptVerifier(ledger.Policy);
        var file = ledger.Receipt(0).ToBytes();

        Assert.Equal(ReceiptCode.Ok, verifier.Verify(file, SampleLedger.TextOf(0), SampleLedger.TextOf(1)).Code);
        Assert.Equal(ReceiptCode.Document, verifier.Verify(file, SampleLedger.TextOf(9)).Code);
    }

    [Fact]
    public void Verify_OneThingWrong_ItsCode()
    {
        var good = ledger.Receipt(0);
        var other = ledger.Receipt(1);
        using var stranger = new SampleLedger(20);

        Assert.Equal(ReceiptCode.Signature, Verify(good with { Note = stranger.Note }).Code);
        Assert.Equal(ReceiptCode.Policy, new ReceiptVerifier(PolicyOfAnother()).Verify(good.ToBytes()).Code);
        Assert.Equal(ReceiptCode.Path, Verify(good with { Index = 1 }).Code);
        Assert.Equal(ReceiptCode.Path, Verify(good with { Index = 20 }).Code);
        Assert.Equal(ReceiptCode.Path, Verify(good with { Path = other.Path }).Code);
        Assert.Equal(ReceiptCode.Disclosure, Verify(good with { Disclosures = other.Disclosures }).Code);
        Assert.Equal(ReceiptCode.Disclosure, Verify(good with { Disclosures = [good.Disclosures[0], good.Disclosures[0]] }).Code);
        Assert.Equal(ReceiptCode.Document, Verify(good with { Documents = other.Documents }).Code);
        Assert.Equal(ReceiptCode.Document, Verify(good with { Documents = [good.Documents[0] with { Name = "paper" }] }).Code);
        Assert.Equal(ReceiptCode.TimeStamp, Verify(good with { TimeStamp = [1] }).Code);
        Assert.Equal(ReceiptCode.Format, Verify(good with { TimeStamp = [] }).Code);
    }

    [Theory]
    [InlineData("tlog-proof@v1", "tlog-proof@v2")]
    [InlineData("index 0", "index 00")]
    [InlineData("index 0", "index -1")]
    [InlineData("index 0", "index  0")]
    [InlineData("index 0", "index 9223372036854775808")]
    [InlineData("\nindex", "\r\nindex")]
    [InlineData("extra ", "Extra ")]
    [InlineData("\n\nconcordat", "\n\n\nconcordat")]
    [InlineData("=\n", "\n")]
    public void Verify_AnotherSpelling_Format(string old, string replacement)
    {
        var text = Encoding.UTF8.GetString(ledger.Receipt(0).ToBytes());

        Assert.Equal(ReceiptCode.Format, VerifyText(text.Replace(old, replacement, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("{\"disclosures\":[],\"docs\":[],\"entry\":\"E\"}", ReceiptCode.Ok)]
    [InlineData("{\"disclosures\":[],\"docs\":[],\"entry\":\"E\",\"tst\":\"AAAA\"}", ReceiptCode.TimeStamp)]
    [InlineData("{\"disclosures\":[],\"docs\":[],\"entry\":\"E\",\"tst\":\"\"}", ReceiptCode.Format)]
    [InlineData("{\"disclosures\":[],\"docs\":[],\"entry\":\"E\",\"tst\":null}", ReceiptCode.Format)]
    [InlineData("{\"disclosures\":[],\"docs\":[]}", ReceiptCode.Format)]
    [InlineData("{\"disclosures\":[],\"entry\":\"E\"}", ReceiptCode.Format)]
    [InlineData("{\"docs\":[],\"disclosures\":[],\"entry\":\"E\"}", ReceiptCode.Format)]
    [InlineData("{\"disclosures\":[], \"docs\":[],\"entry\":\"E\"}", ReceiptCode.Format)]
    [InlineData("{\"disclosures\":[],\"docs\":[],\"docs\":[],\"entry\":\"E\"}", ReceiptCode.Format)]
    [InlineData("{\"disclosures\":[],\"docs\":[],\"entry\":\"E\",\"more\":1}", ReceiptCode.Format)]
    [InlineData("{\"disclosures\":[1],\"docs\":[],\"entry\":\"E\"}", ReceiptCode.Format)]
    [InlineData("{\"disclosures\":[\"a\\u0062\"],\"docs\":[],\"entry\":\"E\"}", ReceiptCode.Format)]
    [InlineData("{\"disclosures\":[\"a\\/b\"],\"docs\":[],\"entry\":\"E\"}", ReceiptCode.Format)]
    [InlineData("{\"disclosures\":[\"a+b\"],\"docs\":[],\"entry\":\"E\"}", ReceiptCode.Disclosure)]
    [InlineData("{\"disclosures\":[],\"docs\":[{\"name\":\"agreement\"}],\"entry\":\"E\"}", ReceiptCode.Format)]
    [InlineData("{\"disclosures\":[],\"docs\":[{\"name\":\"agreement\",\"sha256\":\"AB\"}],\"entry\":\"E\"}", ReceiptCode.Format)]
    [InlineData("{\"disclosures\":[],\"docs\":[],\"entry\":\"E\"}\n", ReceiptCode.Format)]
    public void Verify_Extra_Strict(string extra, ReceiptCode code)
    {
        var receipt = ledger.Receipt(4);
        var lines = Encoding.UTF8.GetString(receipt.ToBytes()).Split('\n');
        var json = extra.Replace("\"E\"", $"\"{Convert.ToBase64String(receipt.Entry)}\"", StringComparison.Ordinal);
        lines[1] = "extra " + Convert.ToBase64String(Encoding.UTF8.GetBytes(json));

        Assert.Equal(code, VerifyText(string.Join('\n', lines)));
    }

    [Theory]
    [InlineData("""{"id":"a","kind":"b","v":1}""", true)]
    [InlineData("""{"id":"a","kind":"future.kind","new":{"a":[true,false,-5,"\u0001\n\"\\"]},"v":1}""", true)]
    [InlineData("""{"id":"a","kind":"b","v":2}""", false)]
    [InlineData("""{"id":"a","kind":"b"}""", false)]
    [InlineData("""{"id":1,"kind":"b","v":1}""", false)]
    [InlineData("""{"kind":"b","v":1}""", false)]
    [InlineData("""{"kind":"b","id":"a","v":1}""", false)]
    [InlineData("""{"id":"a","id":"a","kind":"b","v":1}""", false)]
    [InlineData("""{"id":"a","kind":"b","v":1 }""", false)]
    [InlineData("""{"id":"a","kind":"b","v":1.0}""", false)]
    [InlineData("""{"id":"a","kind":"b","v":01}""", false)]
    [InlineData("""{"a":-0,"id":"a","kind":"b","v":1}""", false)]
    [InlineData("""{"a":9007199254740992,"id":"a","kind":"b","v":1}""", false)]
    [InlineData("""{"a":9007199254740991,"id":"a","kind":"b","v":1}""", true)]
    [InlineData("""{"a":null,"id":"a","kind":"b","v":1}""", false)]
    [InlineData("""{"a":[[[[1]]]],"id":"a","kind":"b","v":1}""", false)]
    [InlineData("""{"a":[[[1]]],"id":"a","kind":"b","v":1}""", true)]
    [InlineData("""{"a":"\u000A","id":"a","kind":"b","v":1}""", false)]
    [InlineData("""{"a":"\u001F","id":"a","kind":"b","v":1}""", false)]
    [InlineData("""{"a":"\u001f","id":"a","kind":"b","v":1}""", true)]
    [InlineData("""{"a":"\ud83d","id":"a","kind":"b","v":1}""", false)]
    [InlineData("""{"a":"\q","id":"a","kind":"b","v":1}""", false)]
    [InlineData("""{"a\u0062":1,"id":"a","kind":"b","v":1}""", false)]
    [InlineData("""{"é":1,"id":"a","kind":"b","v":1}""", false)]
    [InlineData("""{"_sd":[],"_sd_alg":"sha-256","id":"a","kind":"b","v":1}""", false)]
    [InlineData("""{"_sd":["b","a"],"_sd_alg":"sha-256","id":"a","kind":"b","v":1}""", false)]
    [InlineData("""{"_sd":["a","a"],"_sd_alg":"sha-256","id":"a","kind":"b","v":1}""", false)]
    [InlineData("""{"_sd":["a"],"id":"a","kind":"b","v":1}""", false)]
    [InlineData("""["id"]""", false)]
    [InlineData("", false)]
    public void Read_Entry_CanonicalOnly(string json, bool canonical) => Assert.Equal(canonical, EntryText.Read(Encoding.UTF8.GetBytes(json)) is not null);

    // The string of RFC 8785 section 3.2.2.2, and its canonical form.
    [Fact]
    public void Read_StringOfRfc8785_CanonicalFormOnly()
    {
        const string escaped = """{"a":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","id":"a","kind":"b","v":1}""";
        const string canonical = """{"a":"€$\u000f\nA'B\"\\\\\"/","id":"a","kind":"b","v":1}""";

        Assert.Null(EntryText.Read(Encoding.UTF8.GetBytes(escaped)));
        Assert.NotNull(EntryText.Read(Encoding.UTF8.GetBytes(canonical)));
    }

    [Fact]
    public void Read_TooLongOrNotUtf8_Null()
    {
        var longest = $$"""{"id":"{{new string('a', LedgerEntry.MaxBytes - 25)}}","kind":"b","v":1}""";

        Assert.Equal(LedgerEntry.MaxBytes + 1, Encoding.UTF8.GetByteCount(longest));
        Assert.Null(EntryText.Read(Encoding.UTF8.GetBytes(longest)));
        Assert.NotNull(EntryText.Read(Encoding.UTF8.GetBytes(longest.Replace("\"aa", "\"a", StringComparison.Ordinal))));
        Assert.Null(EntryText.Read([.. """{"id":"a"""u8, 0xc0, 0xaf, .. "\",\"kind\":\"b\",\"v\":1}"u8]));
    }

    [Theory]
    [InlineData("""["_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius"]""", true)]
    [InlineData("""["_26bc4LT-ac6q2KI6cBW5", "family_name", "x"]""", false)]
    [InlineData("""["_26bc4LT-ac6q2KI6cBW5=s", "family_name", "x"]""", false)]
    [InlineData("""["_26bc4LT-ac6q2KI6cBW5es", "family_name"]""", false)]
    [InlineData("""["_26bc4LT-ac6q2KI6cBW5es", "family_name", "x", "y"]""", false)]
    [InlineData("""["_26bc4LT-ac6q2KI6cBW5es", "family_name", 1]""", false)]
    [InlineData("""["_26bc4LT-ac6q2KI6cBW5es", "family_name", "\ud800"]""", false)]
    [InlineData("""{"a":1}""", false)]
    public void Read_Disclosure_ThreeStrings(string json, bool good) =>
        Assert.Equal(good, OpenedDisclosure.Read(System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json))) is not null);

    [Fact]
    public void Verify_LongestFile_Format()
    {
        var receipt = ledger.Receipt(0);
        var padded = receipt with { Disclosures = [new string('a', Receipt.MaxBytes)] };

        Assert.Equal(ReceiptCode.Format, Verify(padded).Code);
        Assert.Equal(ReceiptCode.Format, Verify(receipt with { Path = [.. Enumerable.Repeat(new byte[32], 64)] }).Code);
        Assert.Equal(ReceiptCode.Path, Verify(receipt with { Path = [.. Enumerable.Repeat(new byte[32], 63)] }).Code);
    }

    private static LedgerPolicy PolicyOfAnother()
    {
        using var key = new LedgerKey("other.example/ledger/1", System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256));
        return LedgerPolicy.Of(new PolicyLog(key.Verifier));
    }

    private Verdict Verify(Receipt receipt) => new ReceiptVerifier(ledger.Policy).Verify(receipt.ToBytes());

    private ReceiptCode VerifyText(string text) => new ReceiptVerifier(ledger.Policy).Verify(Encoding.UTF8.GetBytes(text)).Code;
}
