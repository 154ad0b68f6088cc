using Concordat.Core.Agreements;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Pages;
using Concordat.Server.Operations;

namespace Concordat.Server.Acceptance;

/// <summary>What the page adds to an answer for the record: the screen in words, what the browser said, signs of self-acceptance.</summary>
internal static class Observations
{
    public static AnswerClaim Add(AnswerClaim claim, Parts parts, Visit visit, Texts words, FormToken token, Hints? hints, HttpRequest request) => claim with
    {
        Flags = FlagsOf(parts, visit, token, hints),
        Further =
        [
            ("screen", visit.ScreenNow(parts.Context, words).Description),
            ("screenSalt", token.Nonce),
            ("shownAt", Core.Ledger.LedgerEntry.Instant(token.IssuedAt)),
            ("viewport", hints?.Viewport),
            ("userActivation", hints is null ? "no script" : hints.Activated ? "yes" : "no"),
            ("textSeen", hints is null ? null : $"{hints.TextSeen} %"),
            ("buttonVisibility", hints?.Visibility),
            ("frame", request.Headers["Sec-Fetch-Dest"].ToString() switch { "iframe" => "framed", "document" => "top", _ => "unknown" }),
        ],
    };

    private static SelfAcceptance FlagsOf(Parts parts, Visit visit, FormToken token, Hints? hints)
    {
        var flags = SelfAcceptance.None;
        if (parts.Context.Clocks.Wall.GetUtcNow() - token.IssuedAt < EnhancedAttestation.ReadingTime)
        {
            flags |= SelfAcceptance.WithinSeconds;
        }

        // Without a script nothing is known; with one, a text that was never on the screen or a button that nobody pressed.
        if (hints is { TextSeen: 0 } or { Activated: false })
        {
            flags |= SelfAcceptance.TextNotShown;
        }

        return IsSellers(visit) ? flags | SelfAcceptance.SellersDomain : flags;
    }

    private static bool IsSellers(Visit visit)
    {
        var (email, domain) = (visit.Opened.Contact!.Email, visit.Partner.Domain);
        return email.EndsWith($"@{domain}", StringComparison.OrdinalIgnoreCase) || email.EndsWith($".{domain}", StringComparison.OrdinalIgnoreCase);
    }
}
