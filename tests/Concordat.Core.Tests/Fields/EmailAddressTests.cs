using Concordat.Core.Fields;

namespace Concordat.Core.Tests.Fields;

public class EmailAddressTests
{
    private static readonly string Label63 = new('b', 63);

    public static TheoryData<string> Good =>
    [
        "hanako.sato@customer.example", "a@b.co", "a+tag@example.com", "A@EXAMPLE.COM", "o'neil@example.com",
        "x_y-z@sub.example.com",
        new string('a', 64) + "@example.com", $"a@{Label63}.com", "花子@例え.jp", "user@例え.テスト", "user@xn--r8jz45g.jp",
        "jörg@müller.de", "user@exаmple.com", "1@1.com", "!#$%&'*+-/=?^_`{|}~@example.com",
        // 254 bytes in all.
        $"{new string('a', 62)}@{Label63}.{Label63}.{Label63}",
    ];

    public static TheoryData<string> Bad =>
    [
        "", " ", "plain", "a@b@example.com", "@example.com", "a@", new string('a', 65) + "@example.com",
        // 255 bytes in 224 characters; full-width letters, which some mail systems would map to ASCII.
        $"{string.Concat(Enumerable.Repeat("é", 31))}a@{Label63}.{Label63}.{Label63}", "ｔａｒｏ@example.com",
        // 255 bytes in all, and a local part of 64 characters that is 66 bytes.
        $"{new string('a', 63)}@{Label63}.{Label63}.{Label63}", new string('a', 62) + "éé@example.com", $"a@{Label63}b.com",
        "\"quoted local\"@example.com", "\"a\"@example.com", "a(comment)@example.com", "a@[127.0.0.1]",
        "a@127.0.0.1", "a@example.com.",
        "a@.example.com", "a..b@example.com", ".a@example.com", "a.@example.com", "a@example..com",
        "a@-example.com", "a@example-.com",
        "a@exa_mple.com", "a@example.com\r\nBcc: x@example.com", "a\r\n@example.com", "a\0@example.com", "a@example.com\0",
        "Hanako <a@example.com>", "<a@example.com>", "a@example.com,b@example.com", "a@example.com;b@example.com",
        "a@example.com, b@example.com", "mailto:a@example.com", "a@example.123", "a＠example.com",
        "a＠b@example.com", "a b@example.com",
        "a@exam ple.com", " a@example.com", "a@example.com ", "a@localhost", "a@example.c", "a@ｅｘａｍｐｌｅ.com", "a@example。com",
        "a\u202E@example.com", "a\u200B@example.com", "a@exam\u200Bple.com", "\uD83D@example.com",
        "a@\uD83D.com", "\U0001F600@example.com",
    ];

    [Theory]
    [MemberData(nameof(Good))]
    public void Parse_OneMailbox_IsKeptAsItCame(string text) => Assert.Equal(text, EmailAddress.Parse(text, "email").Value);

    [Theory]
    [InlineData(null)]
    [MemberData(nameof(Bad))]
    public void Parse_AnythingElse_IsRefused(string? text)
    {
        var problem = EmailAddress.Parse(text, "primaryContact.email").Problem!;
        Assert.Equal((ProblemCode.InvalidInput, "primaryContact.email"), (problem.Code, problem.Field));
    }

    [Fact]
    public void Parse_BadValue_IsNotEchoed() =>
        Assert.Equal(EmailAddress.Parse("hanako@", "email").Problem, EmailAddress.Parse("@sato", "email").Problem);

    [Theory]
    [InlineData("a@customer.example", true)]
    [InlineData("a@Microsoft.com", false)]
    [InlineData("a@microsoft.com.example", true)]
    [InlineData("a@PARTNER.example", false)]
    [InlineData("a@sub.partner.example", true)]
    [InlineData("not an address", false)]
    public void ParseForBilling_Domain_MustBeTheCustomers(string text, bool accepted) =>
        Assert.Equal(accepted, EmailAddress.ParseForBilling(text, "email", "partner.example").Problem is null);
}
