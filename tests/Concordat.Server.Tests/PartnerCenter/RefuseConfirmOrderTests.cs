using Concordat.Core.Policy;

namespace Concordat.Server.Tests.PartnerCenter;

public class RefuseConfirmOrderTests(Servers servers)
{
    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Order_BeforeAndAfterConfirmation_IsRefusedThenPlaced(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var customer = $"/v1/customers/{TestServer.Customer("never")}";

        var refused = await server.SendAsync("POST", $"{customer}/orders", TestServer.Order());
        var confirmed = await server.SendAsync("POST", $"{customer}/agreements", server.Confirmation());
        var placed = await server.SendAsync("POST", $"{customer}/orders", TestServer.Order());

        Assert.Equal((403, 13605), (refused.Status, refused.Code));
        Assert.Equal(201, confirmed.Status);
        Assert.Equal(201, placed.Status);
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Order_AttestationBeforeTheCutOff_IsRefusedWithTheDocumentedText(string engine)
    {
        var server = await servers.GetAsync(engine);

        var refused = await server.SendAsync("POST", $"/v1/customers/{TestServer.Customer("attested-stale")}/orders", TestServer.Order());

        Assert.Equal(403, refused.Status);
        Assert.StartsWith($$"""{"code":900428,"description":"{{RefusalText.Outdated}}",""", refused.Body, StringComparison.Ordinal);
        Assert.Equal($"</api/explanations/{refused.Headers["MS-RequestId"]}>; rel=\"help\"", refused.Headers["Link"]);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Confirm_SameRequestIdAgain_AnswersTheFirstResult(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var path = $"/v1/customers/{TestServer.Customer("attested-stale")}/agreements";
        var body = server.Confirmation();

        var first = await server.SendAsync("POST", path, body, headers: ("MS-RequestId", "6e668bc1-5c0b-4f0e-a0b3-2f2f6b7a6a10"));
        var again = await server.SendAsync("POST", path, body, headers: ("MS-RequestId", "6e668bc1-5c0b-4f0e-a0b3-2f2f6b7a6a10, other"));
        var without = await server.SendAsync("POST", path, body);
        var otherBody = await server.SendAsync("POST", path, server.Confirmation("x@y.example"), headers: ("MS-RequestId", "6e668bc1-5c0b-4f0e-a0b3-2f2f6b7a6a10"));

        Assert.Equal(201, first.Status);
        Assert.Equal((first.Status, first.Body), (again.Status, again.Body));
        Assert.Equal((409, 600061), (without.Status, without.Code));
        Assert.Equal(409, otherBody.Status);
        await Invariants.CheckAsync(server.Parts);
    }
}
