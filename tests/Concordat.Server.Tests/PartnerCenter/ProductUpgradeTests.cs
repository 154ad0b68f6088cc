namespace Concordat.Server.Tests.PartnerCenter;

public class ProductUpgradeTests(Servers servers)
{
    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Upgrade_ByStanding_IsDoneOnceOrRefused(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        foreach (var (scenario, refusal) in Shop.Standings)
        {
            var body = Body(TestServer.Customer(scenario).ToString());
            var key = ("MS-RequestId", Guid.NewGuid().ToString());

            var before = await server.SendAsync("POST", "/v1/productUpgrades/eligibility", body);
            var answer = await server.SendAsync("POST", "/v1/productupgrades", body, headers: key);
            var again = await server.SendAsync("POST", "/v1/productupgrades", body, headers: key);
            var after = await server.SendAsync("POST", "/v1/productUpgrades/Eligibility", body);

            Assert.True(before.Json["isEligible"]!.GetValue<bool>());
            if (refusal != 0)
            {
                Assert.Equal((403, refusal), (answer.Status, answer.Code));
                Assert.True(after.Json["isEligible"]!.GetValue<bool>());
                continue;
            }

            Assert.Equal((202, "", answer.Headers["Location"]), (answer.Status, answer.Body, again.Headers["Location"]));
            var id = answer.Headers["Location"].Split('/')[1];
            var status = await server.SendAsync("POST", $"/v1/productupgrades/{id}/status", body);
            Assert.Equal((id, "Completed"), (status.Json["id"]!.GetValue<string>(), status.Json["status"]!.GetValue<string>()));
            Assert.Equal((false, id), (after.Json["isEligible"]!.GetValue<bool>(), after.Json["upgradeId"]!.GetValue<string>()));
            Assert.Equal(400, (await server.SendAsync("POST", "/v1/productupgrades", body)).Status);
        }

        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Calls_WhatCannotBeAnswered_AreRefused(string engine)
    {
        var server = await servers.GetAsync(engine);
        var direct = TestServer.Customer("direct").ToString();
        string[] calls = ["", "/eligibility", $"/{Guid.NewGuid()}/status"];
        foreach (var call in calls)
        {
            var path = "/v1/productupgrades" + call;
            var foreign = await server.SendAsync("POST", path, Body(TestServer.Customer("never", "harbor").ToString()));
            var unknown = await server.SendAsync("POST", path, Body(Guid.NewGuid().ToString()));
            var malformed = await server.SendAsync("POST", path, Body("x"));
            var family = await server.SendAsync("POST", path, Body(direct, "windows"));
            var appOnly = await server.SendAsync("POST", path, Body(direct), who: "app");

            Assert.Equal((404, 60003, foreign.Body), (foreign.Status, foreign.Code, unknown.Body));
            Assert.Equal((400, 900118), (malformed.Status, malformed.Code));
            Assert.Equal((400, 900126), (family.Status, family.Code));
            Assert.Equal((403, 900329), (appOnly.Status, appOnly.Code));
        }

        Assert.Equal(404, (await server.SendAsync("POST", $"/v1/productupgrades/{Guid.NewGuid()}/status", Body(direct))).Status);
    }

    private static string Body(string customer, string family = "Azure") =>
        $$"""{"CustomerId":"{{customer}}","ProductFamily":"{{family}}","Attributes":{"ObjectType":"ProductUpgradeRequest"} }""";
}
