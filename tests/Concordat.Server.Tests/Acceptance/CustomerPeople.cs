using System.Security.Cryptography;
using System.Text;
using Concordat.Core;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Hosting.SignIn;
using Concordat.Server.Operations;
using Concordat.Server.Storage;
using Concordat.Server.Tests.SignIn;

namespace Concordat.Server.Tests.Acceptance;

/// <summary>Browsers in which somebody of any tenant is signed in already, as the sign-in would have left them.</summary>
internal static class CustomerPeople
{
    public static Task<Browser> OfCustomerAsync(TestServer server, CustomerId customer, Roles roles = Roles.GlobalAdministrator, Guid? person = null) =>
        OpenAsync(server, "customer", customer.Value, roles, person ?? Guid.NewGuid());

    public static Task<Browser> OfPartnerAsync(TestServer server, string partner) =>
        OpenAsync(server, "partner", TestServer.Partner(partner).Id.Value, Roles.AdminAgent, FreshCustomers.ActorOf(server, partner).Subject);

    private static async Task<Browser> OpenAsync(TestServer server, string kind, Guid tenant, Roles roles, Guid person)
    {
        var secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var now = server.Parts.Context.Clocks.Wall.GetUtcNow();
        var row = new SessionRow(SHA256.HashData(Encoding.ASCII.GetBytes(secret)), kind, tenant, person, (long)roles, Mfa: true, now, now, now);
        _ = (await server.Parts.Context.Loop.RunAsync(new BeginSession(row, null))).Value;
        var browser = new Browser(server);
        browser.Cookies[Sessions.Cookie] = secret;
        return browser;
    }
}
