using System.Text.RegularExpressions;
using Concordat.Core;

namespace Concordat.Server.Tests.Acceptance;

/// <summary>Signatories' own pages, by the link that stands in their notice.</summary>
internal static partial class OwnLinks
{
    /// <summary>Confirms for a customer and waits for the notice; answers the path of the page.</summary>
    public static async Task<string> ConfirmAsync(TestServer server, CustomerId customer, string first = "Hanako")
    {
        var email = $"s{Guid.NewGuid():N}@customer.example";
        var confirmed = await server.SendAsync("POST", $"/v1/customers/{customer}/agreements", server.Confirmation(email, first: first));
        Assert.Equal(201, confirmed.Status);
        return await OfMailToAsync(server, email);
    }

    /// <summary>The path in the latest mail to that address.</summary>
    public static async Task<string> OfMailToAsync(TestServer server, string email)
    {
        Match found = Match.Empty;
        await Until.TrueAsync(async () =>
        {
            var mails = (await server.SendAsync("GET", "/sandbox/mails")).Json["mails"]!.AsArray();
            var text = mails.FirstOrDefault(mail => mail!["to"]!.GetValue<string>() == email)?["text"]!.GetValue<string>();
            return text is not null && (found = Link().Match(text)).Success;
        });
        return found.Value;
    }

    [GeneratedRegex("/my-agreement/[A-Za-z0-9_-]{64}")]
    private static partial Regex Link();
}
