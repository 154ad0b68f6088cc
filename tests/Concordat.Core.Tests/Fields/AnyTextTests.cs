using System.Diagnostics;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using FsCheck;
using FsCheck.Fluent;

namespace Concordat.Core.Tests.Fields;

/// <summary>What holds for every parser and every text: no exception, kept as it came, linear time.</summary>
public class AnyTextTests
{
    private static readonly Func<string, Outcome<string>>[] Parsers =
    [
        text => PersonName.Parse(text, "f"), text => CompanyName.Parse(text, "f"), text => EmailAddress.Parse(text, "f"),
        text => EmailAddress.ParseForBilling(text, "f", "partner.example"), text => PhoneNumber.ParseOptional(text, "f"),
        text => CountryCode.ParseKnown(text, "f"), text => LanguageTag.Parse(text, "f"), text => DomainName.Parse(text, "f"),
        text => DomainName.ParseInitial(text, "f"),
    ];

    [Fact]
    public void Parse_AnyUtf16_NeverThrowsAndKeepsWhatItAccepts()
    {
        // Any code unit at all, and pieces that steer into the parsers' branches.
        var unit = Gen.Choose(0, 0xFFFF).Select(n => ((char)n).ToString());
        var piece = Gen.Elements("@", ".", "-", "a", "1", ".com", "xn--",
            "T", ":", "Z", "+", "2025-11-03T04:05:06", "例", "\u200D", "ـ");
        var texts = Gen.Frequency((1, unit), (3, piece)).ArrayOf().Select(string.Concat);
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            foreach (var parse in Parsers)
                if (parse(text).TryGetValue(out var value, out _) && !value.Equals(text, StringComparison.OrdinalIgnoreCase))
                    return false;
            var instant = Instant.TryParse(text, out var at) ? at : DateTimeOffset.UnixEpoch;
            var id = Guids.TryParse(text, out var guid) ? guid.ToString() : text;
            return instant.Offset == TimeSpan.Zero && id.Equals(text, StringComparison.OrdinalIgnoreCase)
                && TemplateCatalogue.Resolve(text, text) is { Problem: null or { Code: ProblemCode.InvalidInput } };
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("1 ")]
    [InlineData("a.")]
    [InlineData("-")]
    [InlineData("例.")]
    [InlineData("\u0301")]
    public void Parse_AMillionCharacters_IsRefusedInNoTime(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));
        var watch = Stopwatch.StartNew();
        foreach (var parse in Parsers) Assert.NotNull(parse(text).Problem);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), "A parser does not look at the length first.");
    }
}
