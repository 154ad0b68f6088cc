using Concordat.Core.Fields;

namespace Concordat.Core.Tests.Fields;

public class PhoneNumberTests
{
    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("0312345678", true)]
    [InlineData("03-1234-5678", true)]
    [InlineData("+81 3 1234 5678", true)]
    [InlineData("(+81) 3-1234-5678", true)]
    [InlineData("0081 3 1234 5678", true)]
    [InlineData("+1 (425) 555-0100 ext. 12345", true)]
    [InlineData("425.555.0100x12", true)]
    [InlineData("03-1234-5678 内線12", true)]
    [InlineData("030/12345-67", true)]
    [InlineData("０３－１２３４－５６７８", true)]
    [InlineData("03ー1234ー5678", true)]
    [InlineData("123456789012345", true)]
    [InlineData("1234567890123456", false)]
    [InlineData("12", false)]
    [InlineData("call me", false)]
    [InlineData("1-800-FLOWERS", false)]
    [InlineData("\U0001F4DE 0312345678", false)]
    [InlineData("\u200F0312345678", false)]
    [InlineData("\u202A0312345678\u202C", false)]
    [InlineData("+-()", false)]
    [InlineData("   ", false)]
    [InlineData("8.19E+10", false)]
    [InlineData("'0312345678", false)]
    [InlineData("03-1234-5678, 090-1234-5678", false)]
    [InlineData("03-1234-5678/090-1234-5678", false)]
    [InlineData("03-1234-5678\n", false)]
    [InlineData("03-1234\n-5678", false)]
    [InlineData("03-1234-5678 ext. 123456789", false)]
    [InlineData("03+12345678", false)]
    [InlineData("03                      1234-5678", false)]
    public void ParseOptional_EveryClass_Decides(string? text, bool accepted)
    {
        var parsed = PhoneNumber.ParseOptional(text, "phoneNumber");
        Assert.Equal(accepted, parsed.Problem is null);
        if (accepted) Assert.Equal(text ?? "", parsed.Value);
    }
}
