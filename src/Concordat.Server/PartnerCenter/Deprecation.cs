using System.Globalization;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;

namespace Concordat.Server.PartnerCenter;

/// <summary>
/// Tells a client that still works that its call is deprecated (RFC 9745), and the log. The end was announced for the day
/// of the deprecation; a Sunset in the past says that the call may go at any time (RFC 8594).
/// </summary>
internal static class Deprecation
{
    // Where Microsoft announces how acceptance is to be confirmed instead.
    private const string Link =
        "<https://learn.microsoft.com/en-us/partner-center/confirm-customer-agreement>; rel=\"deprecation\"; type=\"text/html\"";

    /// <summary>Adds the headers when legacy attestation by that way is deprecated now.</summary>
    public static void Announce(Call call, Channel channel)
    {
        var context = call.Parts.Context;
        var environment = call.Partner.Environment;
        if (context.Timeline.Attestation(environment, channel, context.PolicyNow(environment)).LegacyDeprecatedSince is { } since)
        {
            call.Http.Response.Headers["Deprecation"] = string.Create(CultureInfo.InvariantCulture, $"@{since.ToUnixTimeSeconds()}");
            call.Http.Response.Headers["Sunset"] = since.ToString("R", CultureInfo.InvariantCulture);
            call.Http.Response.Headers.Link = Link;
            call.Parts.LegacyWarnings.Add(call.Partner.Id, call.Actor.RequestId);
        }
    }
}
