using Concordat.Core.Fields;

namespace Concordat.Core.Tests.Fields;

public class WebOriginTests
{
    [Theory]
    [InlineData("https://shop.example", "https://shop.example")]
    [InlineData("https://Shop.Example:443/", "https://shop.example")]
    [InlineData("https://shop.example:8443", "https://shop.example:8443")]
    [InlineData("https://例え.jp", "https://xn--r8jz45g.jp")]
    [InlineData("http://127.0.0.1:5281", "http://127.0.0.1:5281")]
    [InlineData("http://localhost:5281", "http://localhost:5281")]
    [InlineData("http://[::1]:5281", "http://[::1]:5281")]
    public void Parse_Origin_HasOneSpelling(string text, string origin) => Assert.Equal(origin, WebOrigin.Parse(text, loopback: true, "origin").Value);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("'self'")]
    [InlineData("https:")]
    [InlineData("https://*.shop.example")]
    [InlineData("https://shop.example/path")]
    [InlineData("https://shop.example?x")]
    [InlineData("https://shop.example#x")]
    [InlineData("https://user@shop.example")]
    [InlineData("https://shop.example; script-src *")]
    [InlineData("https://shop.example https://other.example")]
    [InlineData("https://shop.example\r\nX: y")]
    [InlineData("http://shop.example")]
    [InlineData("javascript://shop.example")]
    [InlineData("shop.example")]
    public void Parse_AnythingElse_IsRefused(string? text)
    {
        var problem = WebOrigin.Parse(text, loopback: true, "origin").Problem!;
        Assert.Equal((ProblemCode.InvalidInput, "origin"), (problem.Code, problem.Field));
    }

    [Fact]
    public void Parse_PlainHttp_IsForLoopbackWherePermitted() =>
        Assert.NotNull(WebOrigin.Parse("http://127.0.0.1:5281", loopback: false, "origin").Problem);
}
