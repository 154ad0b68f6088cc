using Concordat.Core.Fields;

namespace Concordat.Core.Tests.Fields;

public class GuidsTests
{
    [Theory]
    [InlineData("5e0f6c1a-2b7d-4f55-a0c3-9d1f6a7b8c9d", true)]
    [InlineData("5E0F6C1A-2B7D-4F55-A0C3-9D1F6A7B8C9D", true)]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff", true)]
    [InlineData("{5e0f6c1a-2b7d-4f55-a0c3-9d1f6a7b8c9d}", false)]
    [InlineData("(5e0f6c1a-2b7d-4f55-a0c3-9d1f6a7b8c9d)", false)]
    [InlineData("5e0f6c1a2b7d4f55a0c39d1f6a7b8c9d", false)]
    [InlineData("00000000-0000-0000-0000-000000000000", false)]
    [InlineData("5e0f6c1a-2b7d-4f55-a0c3-9d1f6a7b8c9", false)]
    [InlineData("5e0f6c1a-2b7d-4f55-a0c3-9d1f6a7b8c9dd", false)]
    [InlineData("5e0f6c1a\u20102b7d\u20104f55\u2010a0c3\u20109d1f6a7b8c9d", false)]
    [InlineData("５e0f6c1a-2b7d-4f55-a0c3-9d1f6a7b8c9d", false)]
    [InlineData("urn:uuid:5e0f6c1a-2b7d-4f55-a0c3-9d1f6a7b8c9d", false)]
    [InlineData("5e0f6c1a-2b7d-4f55-a0c3-9d1f6a7b8c9d ", false)]
    [InlineData("5e0f6c1a-2b7d-4f55-a0c3-9d1f6a7b8c9\n", false)]
    [InlineData(" 5e0f6c1a-2b7d-4f55-a0c3-9d1f6a7b8c9", false)]
    [InlineData("5e0f6c1a-2b7d-4f55-a0c3-9d1f6a7b8c9d'; DROP TABLE customers", false)]
    [InlineData("+e0f6c1a-2b7d-4f55-a0c3-9d1f6a7b8c9d", false)]
    [InlineData("", false)]
    public void TryParse_EveryClass_OnlyTheCanonicalFormInEitherCase(string text, bool expected) =>
        Assert.Equal(expected, Guids.TryParse(text, out _));

    [Fact]
    public void TryParse_UpperAndLowerCase_AreTheSameId()
    {
        Assert.True(Guids.TryParse("5e0f6c1a-2b7d-4f55-a0c3-9d1f6a7b8c9d", out var lower));
        Assert.True(Guids.TryParse("5E0F6C1A-2B7D-4F55-A0C3-9D1F6A7B8C9D", out var upper));
        Assert.Equal(lower, upper);
        Assert.Equal("5e0f6c1a-2b7d-4f55-a0c3-9d1f6a7b8c9d", lower.ToString("D"));
    }

    [Fact]
    public void Parse_Malformed_CarriesTheGivenCode()
    {
        var problem = Guids.Parse("x", null, ProblemCode.InvalidCustomerId).Problem!;
        Assert.Equal(ProblemCode.InvalidCustomerId, problem.Code);
        Assert.Null(problem.Field);
    }
}
