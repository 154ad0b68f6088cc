using System.Buffers.Text;
using Concordat.Core.Agreements.Texts;
using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;
using Concordat.Server.PartnerCenter.Documents;
using FsCheck;
using FsCheck.Fluent;

namespace Concordat.Server.Tests.PartnerCenter.Documents;

public class AgreementLinksTests
{
    private static readonly AgreementFile File = new(AgreementType.MicrosoftCustomerAgreement, 2, "JP", "ja-JP");

    private readonly Clocks clocks = new(new StoppedClock());
    private readonly AgreementLinks links;

    public AgreementLinksTests() => links = new AgreementLinks(Key(1), clocks);

    [Theory]
    [InlineData("US", "en-US", 1, AgreementType.MicrosoftCloudAgreement)]
    [InlineData("RS", "sr-Latn-RS", 2, AgreementType.MicrosoftCustomerAgreement)]
    public void Read_OwnToken_IsLiveAndSaysTheFile(string country, string language, int version, AgreementType type)
    {
        var made = new AgreementFile(type, version, country, language);
        Assert.Equal(LinkState.Live, links.Read(links.Create(made, PartnerEnvironment.Production), out var file));
        Assert.Equal(made, file);
    }

    [Theory]
    [InlineData(-1, LinkState.Live)]
    [InlineData(0, LinkState.Expired)]
    [InlineData(1, LinkState.Expired)]
    internal void Read_AroundFiveMinutes_EndsAtTheInstantItself(int offsetMs, LinkState expected)
    {
        var token = links.Create(File, PartnerEnvironment.Sandbox);
        clocks.Policy(PartnerEnvironment.Sandbox).Offset = AgreementLinks.Lifetime + TimeSpan.FromMilliseconds(offsetMs);
        Assert.Equal(expected, links.Read(token, out _));
    }

    [Fact]
    public void Read_OtherEnvironmentsClockMoved_StaysLive()
    {
        var token = links.Create(File, PartnerEnvironment.Production);
        clocks.Policy(PartnerEnvironment.Sandbox).Offset = TimeSpan.FromDays(1);
        Assert.Equal(LinkState.Live, links.Read(token, out _));
    }

    [Fact]
    public void Read_AnyBitFlipped_IsForged()
    {
        var bytes = Base64Url.DecodeFromChars(links.Create(File, PartnerEnvironment.Production));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(LinkState.Forged, links.Read(Base64Url.EncodeToString(flipped), out var file));
            Assert.Equal(default, file);
        }
    }

    [Fact]
    public void Read_AnyCharacterChanged_IsForged()
    {
        const string others = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ \n%";
        var token = links.Create(File, PartnerEnvironment.Production);
        for (var i = 0; i < token.Length; i++)
            foreach (var other in others.Where(c => c != token[i]))
                Assert.Equal(LinkState.Forged, links.Read(token[..i] + other + token[(i + 1)..], out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("\n")]
    [InlineData("ＡＡＡＡ")]
    [InlineData("../../etc/passwd")]
    public void Read_NoTokenAtAll_IsForged(string token) => Assert.Equal(LinkState.Forged, links.Read(token, out _));

    [Fact]
    public void Read_PaddedTruncatedOrExtended_IsForged()
    {
        var token = links.Create(File, PartnerEnvironment.Production);
        string[] changed = [token + "=", token + "A", token[..^1], token + "\n", " " + token, token + token, new('A', 100_000)];
        Assert.All(changed, text => Assert.Equal(LinkState.Forged, links.Read(text, out _)));
    }

    [Fact]
    public void Read_OtherKey_IsForged() => Assert.Equal(LinkState.Forged,
        new AgreementLinks(Key(2), clocks).Read(links.Create(File, PartnerEnvironment.Production), out _));

    [Fact]
    public void Read_AnyText_NeverThrows() => Prop.ForAll<string>(text =>
        links.Read(text ?? "", out _) == LinkState.Forged).QuickCheckThrowOnFailure();

    [Fact]
    public void Constructor_ShortKey_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new AgreementLinks(new byte[31], clocks));

    private static byte[] Key(byte fill) => [.. Enumerable.Repeat(fill, AgreementLinks.KeyBytes)];

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2025, 11, 20, 1, 15, 30, 250, TimeSpan.Zero);
    }
}
