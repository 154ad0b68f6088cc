using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;

namespace Concordat.Server.Tests.PartnerCenter;

/// <summary>Nobody can find out which customers another partner has: both kinds of foreign id get the same bytes.</summary>
public partial class IsolationTests
{
    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task EveryCallAboutACustomer_AnotherPartnersOrNobodys_IsAnsweredAlike(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var foreign = TestServer.Customer("attested-current", "harbor").ToString();
        var nobodys = "8f3f7c3a-4e01-4f57-8e01-6a3f1f0d7b01";
        var calls = Calls(server);
        var before = await StoredRows.ExceptAuditAsync(server.Parts, "harbor");

        foreach (var (method, pattern) in calls)
        {
            var body = method is "POST" or "PUT" or "PATCH" ? Body(server, pattern) : null;
            var answers = new List<string>();
            foreach (var id in (string[])[foreign, nobodys])
            {
                var path = Parameter().Replace(pattern.Replace("{customer}", id, StringComparison.Ordinal), nobodys);
                var answer = await server.SendAsync(method, path, body, headers: ("MS-RequestId", "5f3f7c3a-4e01-4f57-8e01-6a3f1f0d7b02"));
                Assert.True(answer.Status is >= 400 and < 500, $"{method} {pattern}: {answer.Status}");
                answers.Add(Bare(answer).Replace(id, "ID", StringComparison.OrdinalIgnoreCase));
            }

            Assert.True(answers[0] == answers[1], $"{method} {pattern}:\n{answers[0]}\n{answers[1]}");
        }

        Assert.Equal(before, await StoredRows.ExceptAuditAsync(server.Parts, "harbor"));
        Assert.Contains(("POST", "/v1/customers/{customer}/agreements"), calls);
    }

    private static List<(string Method, string Pattern)> Calls(TestServer server) =>
        [.. ((EndpointDataSource)server.Services.GetService(typeof(EndpointDataSource))!).Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.Contains("{customer}", StringComparison.Ordinal))
            // Pages have no methods of their own; the portal's tests ask them the same question.
            .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is not null)
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                .Select(method => (method, endpoint.RoutePattern.RawText!)))];

    // A body that passes the checks made before the customer is looked up, where the call has such checks.
    private static string Body(TestServer server, string pattern) => pattern.Split('/')[^1] switch
    {
        "agreements" => server.Confirmation(),
        "orders" => TestServer.Order(),
        _ => "{}",
    };

    private static string Bare(Answer answer) => $"{answer.Status}\n" + answer.Body + "\n" + string.Join('\n', answer.Headers
        .Where(header => header.Key is not ("Date" or "MS-CV" or "MS-CorrelationId")).OrderBy(header => header.Key, StringComparer.Ordinal)
        .Select(header => $"{header.Key}: {header.Value}"));

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();
}
