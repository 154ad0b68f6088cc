using Concordat.Core.Agreements;
using Concordat.Core.Fields;

namespace Concordat.Core.Tests.Agreements;

public class SimilarSignatoryTests
{
    private static readonly Contact Signatory = Parse("Hanako", "Sato", "hanako.sato@customer.example", "+81 90-1234-5678");

    // AC-13: changing one field by a letter to get past 600061.
    [Theory]
    [InlineData("Hanako", "Sato", "hanako.satou@customer.example", "+81 90-1234-5678")]
    [InlineData("Hanako", "Sato", "hanako.sat@customer.example", "+81 90-1234-5678")]
    [InlineData("Hanako", "Sato", "hanako.sxto@customer.example", "+81 90-1234-5678")]
    [InlineData("Hanako", "Sato", "hanaok.sato@customer.example", "+81 90-1234-5678")]
    [InlineData("Hanako", "Sato", "hanakosato@customer.example", "+81 90-1234-5678")]
    [InlineData("Hanako", "Sato", "hanako.sato+2@customer.example", "+81 90-1234-5678")]
    [InlineData("Hanako", "Sato", "hanako.sato+second.time@customer.example", "+81 90-1234-5678")]
    [InlineData("Hanako", "Sato", "HANAKO.SATO@customer.example", "+81 90-1234-5678")]
    [InlineData("Hanako", "Sato", "hanako.sato@custmer.example", "+81 90-1234-5678")]
    [InlineData("Hanako", "Sato", "hanako.sato@customer.example", "+81 90-1234-5679")]
    [InlineData("Hanako", "Sato", "hanako.sato@customer.example", "+81 90-1243-5678")]
    [InlineData("Hanako", "Sato", "hanako.sato@customer.example", "+81 90 1234 567")]
    [InlineData("Hanako", "Sato", "hanako.sato@customer.example", "090-1234-5678")]
    [InlineData("Hanako", "Sato", "hanako.sato@customer.example", "+８１ ９０-１２３４-５６７８")]
    [InlineData("Hanako", "Sato", "hanako.sato@customer.example", "(81)90/1234.5678")]
    [InlineData("Hanako", "Sato", "hanako.sato@customer.example", null)]
    [InlineData("Hanaka", "Sato", "hanako.sato@customer.example", "+81 90-1234-5678")]
    [InlineData("Hanako", "Satoh", "hanako.sato@customer.example", "+81 90-1234-5678")]
    [InlineData("hanako", "SATO", "hanako.sato@customer.example", "+81 90-1234-5678")]
    [InlineData("Sato", "Hanako", "hanako.sato@customer.example", "+81 90-1234-5678")]
    [InlineData("Hanako", "Satoo", "hanako.satoo@customer.example", "+81 90-1234-5678")]
    public void Resemble_OneLetterChanged_IsTrueBothWays(string first, string last, string email, string? phone)
    {
        var other = Parse(first, last, email, phone);
        Assert.True(SimilarSignatory.Resemble(Signatory, other));
        Assert.True(SimilarSignatory.Resemble(other, Signatory));
    }

    [Theory]
    [InlineData("Hanako", "Sato", "hanako.sato@customer.example", "+81 90-1234-5678")]
    [InlineData("Haruko", "Sato", "haruko.sato@customer.example", "+81 90-1234-5678")]
    [InlineData("Taro", "Suzuki", "taro.suzuki@customer.example", "+81 90-8765-4321")]
    [InlineData("Hanako", "Sato", "h.sato@elsewhere.example", "+81 90-1234-5678")]
    [InlineData("Hanako", "Sato", "hanako.sato@customer.example", "+81 3-5555-0100")]
    [InlineData("Hanako", "Yamada", "hanako.sato@customer.example", "+81 90-1234-5678")]
    public void Resemble_TheSameOrAnotherPerson_IsFalse(string first, string last, string email, string? phone) =>
        Assert.False(SimilarSignatory.Resemble(Signatory, Parse(first, last, email, phone)));

    [Fact]
    public void Resemble_KanjiNames_CompareByCharacter()
    {
        Assert.True(SimilarSignatory.Resemble(Parse("花子", "斉藤", "saito@customer.example", null), Parse("花子", "斎藤", "saito@customer.example", null)));
        Assert.False(SimilarSignatory.Resemble(Parse("花子", "佐藤", "a.sato@customer.example", null), Parse("一郎", "佐藤", "i.sato@customer.example", null)));
    }

    private static Contact Parse(string first, string last, string email, string? phone) => Contact.Parse(first, last, email, phone).Value;
}
