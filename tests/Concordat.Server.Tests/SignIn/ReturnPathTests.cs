using Concordat.Server.Hosting.SignIn;

namespace Concordat.Server.Tests.SignIn;

public sealed class ReturnPathTests
{
    /// <summary>Ways that were tried on others to lead people away after a sign-in.</summary>
    public static readonly IReadOnlyList<string> Elsewhere =
    [
        "https://elsewhere.example/", "//elsewhere.example", "///elsewhere.example", "/\\elsewhere.example", "\\\\elsewhere.example", "/\t/elsewhere.example",
        "/\n/elsewhere.example", " //elsewhere.example", "javascript:alert(1)", "/.//elsewhere.example", "/x/..//elsewhere.example", "/%2e//elsewhere.example",
        "elsewhere.example", "http:elsewhere.example", "/a//b", "/\u3002\u3002/elsewhere.example", "/\uFF0F\uFF0Felsewhere.example", "?x=1", "#x", "/signin",
        "/SignIn/callback?code=x", "/%73ignin", "/account\r\nSet-Cookie: a=b",
    ];

    public static TheoryData<string> ElsewhereCases => [.. Elsewhere];

    [Theory]
    [MemberData(nameof(ElsewhereCases))]
    public void Check_Elsewhere_IsNull(string path) => Assert.Null(ReturnPath.Check(path));

    [Theory]
    [InlineData("/account")]
    [InlineData("/portal/customers?state=blocked&after=x%2Fy")]
    [InlineData("/AdminPortal/Home?ref=/BillingAccounts/agreement")]
    [InlineData("/x?u=https://elsewhere.example//y")]
    [InlineData("/signing-off")]
    public void Check_OurOwn_IsKept(string path) => Assert.Equal(path, ReturnPath.Check(path));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Check_Nothing_IsNull(string? path) => Assert.Null(ReturnPath.Check(path));

    [Fact]
    public void Check_TooLong_IsNull() => Assert.Null(ReturnPath.Check("/" + new string('a', 1024)));
}
