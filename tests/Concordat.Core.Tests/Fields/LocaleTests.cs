using System.Globalization;
using Concordat.Core.Fields;

namespace Concordat.Core.Tests.Fields;

public class LocaleTests
{
    [Theory]
    [InlineData("JP", "JP", true)]
    [InlineData("jp", "JP", true)]
    [InlineData("XK", "XK", true)]
    [InlineData("CN", "CN", true)]
    [InlineData("ZZ", "ZZ", false)]
    [InlineData("KO", "KO", false)]
    [InlineData("UK", "UK", false)]
    [InlineData("KP", "KP", false)]
    [InlineData("JPN", null, false)]
    [InlineData("J", null, false)]
    [InlineData("", null, false)]
    [InlineData(null, null, false)]
    [InlineData("ＪＰ", null, false)]
    [InlineData("ıd", null, false)]
    [InlineData("U\0", null, false)]
    [InlineData("81", null, false)]
    public void CountryCode_EveryClass_IsWellFormedAndKnownOrNot(string? text, string? code, bool known)
    {
        var parsed = CountryCode.Parse(text, "country");
        Assert.Equal(code, parsed.TryGetValue(out var country, out _) ? country : null);
        Assert.Equal(known, CountryCode.ParseKnown(text, "country").Problem is null);
    }

    [Fact]
    public void CountryCode_UnderTurkishCulture_CasesAsAscii()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("tr-TR");
            Assert.Equal("ID", CountryCode.ParseKnown("id", "country").Value);
            Assert.Equal("id-ID", LanguageTag.Parse("ID-id", "language").Value);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("ja-JP", "ja-JP")]
    [InlineData("JA-jp", "ja-JP")]
    [InlineData("sr-latn-rs", "sr-Latn-RS")]
    [InlineData("zh-Hans-CN", "zh-Hans-CN")]
    [InlineData("en", "en")]
    [InlineData("x-private", "x-private")]
    [InlineData("i-klingon", "i-klingon")]
    [InlineData("en_US", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("a", null)]
    [InlineData("x", null)]
    [InlineData("x-", null)]
    [InlineData("-en", null)]
    [InlineData("en--US", null)]
    [InlineData("en-US ", null)]
    [InlineData("日本語", null)]
    [InlineData("toolongsubtag", null)]
    [InlineData("en-US-x-12345678-12345678-12345678-1", null)]
    public void LanguageTag_EveryClass_IsCanonicalOrRefused(string? text, string? expected) =>
        Assert.Equal(expected, LanguageTag.Parse(text, "language").TryGetValue(out var tag, out _) ? tag : null);

    [Theory]
    [InlineData("Contoso.OnMicrosoft.com", "contoso.onmicrosoft.com")]
    [InlineData("dtdemo-005.onmicrosoft.com", "dtdemo-005.onmicrosoft.com")]
    [InlineData("abcdefghijklmnopqrstuvwxyz1.onmicrosoft.com", "abcdefghijklmnopqrstuvwxyz1.onmicrosoft.com")]
    [InlineData("abcdefghijklmnopqrstuvwxyz12.onmicrosoft.com", null)]
    [InlineData(".onmicrosoft.com", null)]
    [InlineData("onmicrosoft.com", null)]
    [InlineData("contoso.com", null)]
    [InlineData("a.b.onmicrosoft.com", null)]
    [InlineData("コントソ.onmicrosoft.com", null)]
    [InlineData("a b.onmicrosoft.com", null)]
    [InlineData(null, null)]
    public void DomainName_Initial_IsOneLabelBeforeTheSuffix(string? text, string? expected) =>
        Assert.Equal(expected, DomainName.ParseInitial(text, "domain").TryGetValue(out var domain, out _) ? domain : null);

    [Theory]
    [InlineData("Contoso.com", "contoso.com")]
    [InlineData("例え.jp", "例え.jp")]
    [InlineData("contoso", null)]
    [InlineData("contoso.com/x", null)]
    [InlineData("", null)]
    public void DomainName_Any_IsAHostName(string text, string? expected) =>
        Assert.Equal(expected, DomainName.Parse(text, "domain").TryGetValue(out var domain, out _) ? domain : null);
}
