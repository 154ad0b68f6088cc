using Concordat.Core.Fields;

namespace Concordat.Core.Tests.Fields;

public class NameTests
{
    public static TheoryData<string> GoodNames =>
    [
        "李", "O", "O'Neil", "Jean-Luc", "d'Été", "佐藤", "葛\U000E0100", "\U00020BB7田", "ｻﾄｳ", "محمد", "สมชาย", "नरेन्द्र",
        "İsmail", "ırmak",
        "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466",
        string.Concat(Enumerable.Repeat("\U0001F468\u200D", 12)) + "\U0001F466",
        "é", "e\u0301", "Аlice", "<b>Bold</b>", "=HYPERLINK(\"http://x\")", "+cmd|' /C calc'!A0", "null", "undefined",
        "NaN", "true", " Sato ", "می\u200Cخواهم", "\uE000田", new string('a', 256),
    ];

    public static TheoryData<string> BadNames =>
    [
        "", " ", "\u3000", "\u3000\u3000", "\u00A0", "\u0301\u0302", "\u200B\u200D", "\uFEFF", "\u202Eevil",
        "a\u2067b", "a\u2066b",
        "a\r\nBcc: x", "a\nb", "a\tb", "a\0b", "a\u0085b", "a\u2028b", "a\uFFFEb", "\uD83D", "a\uDC00",
        "\u3164", "\u2800", "\U000E0100",
        new string('a', 257), new string('字', 10_000),
    ];

    [Theory]
    [MemberData(nameof(GoodNames))]
    public void PersonName_GoodValue_IsKeptAsItCame(string text) =>
        Assert.Equal(text, PersonName.Parse(text, "firstName").Value);

    [Theory]
    [InlineData(null)]
    [MemberData(nameof(BadNames))]
    public void PersonName_BadValue_IsRefusedAtItsField(string? text)
    {
        var problem = PersonName.Parse(text, "primaryContact.lastName").Problem!;
        Assert.Equal((ProblemCode.InvalidInput, "primaryContact.lastName"), (problem.Code, problem.Field));
    }

    [Theory]
    [InlineData(50, true)]
    [InlineData(51, false)]
    public void PersonName_InAnAddress_HasAtMost50(int length, bool accepted) =>
        Assert.Equal(accepted, PersonName.Parse(new string('x', length), "f", PersonName.MaxLengthInAddress).Problem is null);

    [Theory]
    [InlineData("Contoso", true)]
    [InlineData("嵐", true)]
    [InlineData("3M", true)]
    [InlineData("株式会社コントソ", true)]
    [InlineData("Contoso, Inc.", true)]
    [InlineData("Limited Edition", true)]
    [InlineData("<script>alert(1)</script>", true)]
    [InlineData("A", false)]
    [InlineData("é", false)]
    [InlineData("Ａ", false)]
    [InlineData("7", false)]
    [InlineData("A.", false)]
    [InlineData("!!!", false)]
    [InlineData("☆", false)]
    [InlineData("\U0001F600", false)]
    [InlineData("Inc.", false)]
    [InlineData("G.m.b.H.", false)]
    [InlineData("LTD", false)]
    [InlineData("Co., Ltd.", false)]
    [InlineData("株式会社", false)]
    [InlineData("（株）", false)]
    [InlineData("㈱", false)]
    [InlineData("", false)]
    [InlineData("Con\ntoso", false)]
    public void CompanyName_PublishedRules_Decide(string text, bool accepted) =>
        Assert.Equal(accepted, CompanyName.Parse(text, "companyName").Problem is null);

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void CompanyName_Length_HasALimit(int length, bool accepted) =>
        Assert.Equal(accepted, CompanyName.Parse(new string('x', length), "companyName").Problem is null);
}
