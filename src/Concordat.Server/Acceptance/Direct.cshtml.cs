using System.Security.Cryptography;
using System.Text;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Hosting.Pages;
using Concordat.Server.Hosting.SignIn;
using Concordat.Server.Operations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Concordat.Server.Acceptance;

/// <summary>What the page of direct acceptance shows.</summary>
internal enum DirectState
{
    /// <summary>The address asks for nothing that is here.</summary>
    Explain,

    /// <summary>Signed in as a partner's person, for whom it is not.</summary>
    PartnerPerson,

    /// <summary>The customer is in a national cloud.</summary>
    NationalCloud,

    /// <summary>A partner keeps its attested customers from accepting directly.</summary>
    DeadEnd,

    /// <summary>To be accepted; or again, as there is a newer version.</summary>
    Open,

    /// <summary>Accepted a moment ago.</summary>
    Accepted,

    /// <summary>Accepted before.</summary>
    AlreadyAccepted,
}

/// <summary>What was wrong with what was sent.</summary>
internal enum DirectFault
{
    None,
    BoxNotTicked,
    Changed,
    NotPermitted,
}

/// <summary>
/// Where a customer's own people accept the agreement, at the address that partners put into their invitations. Only a POST of
/// the form, with the box ticked, accepts; reading changes nothing.
/// </summary>
[SignedInPage]
[RequestSizeLimit(8 * 1024)]
internal sealed class DirectModel(Parts parts) : PageModel
{
    public const string Path = "/AdminPortal/Home";
    public const string Reference = "/BillingAccounts/agreement";

    private const int SaltBytes = 16;
    private const int LongestField = 512;

    public DirectState State { get; private set; }

    public DirectFault Fault { get; private set; }

    /// <summary>Null for a partner's people, and where the address asks for nothing.</summary>
    public DirectVisit? Visit { get; private set; }

    /// <summary>What is shown where something can be accepted.</summary>
    public DirectScreen Screen { get; private set; } = null!;

    /// <summary>Fresh for every rendering.</summary>
    public string Salt { get; private set; } = "";

    /// <summary>The person may accept for the company.</summary>
    public bool MaySign => (HttpContext.Person().Roles & Roles.CustomerSigners) != 0;

    /// <summary>What the form carries back of what it showed.</summary>
    public string Shown => Fingerprint(Screen.Of(Salt));

    /// <summary>The page with what it is asked for, in this language of the text.</summary>
    public static string AddressIn(string? textLanguage = null)
    {
        var query = QueryString.Create("ref", Reference);
        return Path + (textLanguage is null ? query : query.Add("text", textLanguage));
    }

    /// <summary>Where the form goes: this very page, with the language of the text that is shown.</summary>
    public string FormAddress => AddressIn(Screen.Text.File.Language);

    /// <summary>Where the page tells that it is on somebody's screen.</summary>
    public static string OpenedAddress => AddressIn() + "&handler=Opened";

    public async Task OnGetAsync() => await FindAsync();

    /// <summary>The page is on somebody's screen: invitations count as opened.</summary>
    public async Task<IActionResult> OnPostOpenedAsync()
    {
        await FindAsync();
        if (Visit is { Concerned.Count: > 0 } visit)
        {
            _ = await parts.Context.Loop.RunAsync(new OpenInvitations(parts.Context, visit.Id, visit.Concerned));
        }

        return StatusCode(204);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        await FindAsync();
        var form = Request.Form;
        return State switch
        {
            DirectState.Open when !MaySign => Again(DirectFault.NotPermitted, 403),
            DirectState.Open when form["agree"] != "yes" => Again(DirectFault.BoxNotTicked, 422),
            DirectState.Open => await AcceptAsync(form["salt"].ToString(), form["shown"].ToString()),
            DirectState.Explain or DirectState.PartnerPerson => Show(403),
            _ => Page(),
        };
    }

    private async Task FindAsync()
    {
        var person = HttpContext.Person();
        if (person.Kind != TenantKind.Customer)
        {
            State = DirectState.PartnerPerson;
            return;
        }

        if (!IsAsked(Request.Query["ref"].ToString()))
        {
            State = DirectState.Explain;
            return;
        }

        Visit = await DirectVisit.FindAsync(parts, person.Customer);
        Screen = new DirectScreen(HttpContext.Texts(), Visit.TextIn(parts.Context, TextLanguage(Visit)), Visit, RoleOf(person));
        Salt = NewSalt();
        State = Visit switch
        {
            { NationalCloud: true } => DirectState.NationalCloud,
            { Latest: { } latest } when latest.Version >= Screen.Text.File.Version => DirectState.AlreadyAccepted,
            { DeadEnd: not null } => DirectState.DeadEnd,
            _ => DirectState.Open,
        };
    }

    private async Task<IActionResult> AcceptAsync(string salt, string shown)
    {
        var person = HttpContext.Person();
        var visit = Visit!;
        if (salt.Length is 0 or > LongestField || !SameText(shown, Fingerprint(Screen.Of(salt))))
        {
            return Again(DirectFault.Changed, 409);
        }

        var signer = new DirectSigner(person.Person, RoleOf(person), person.Session.Mfa, person.Session.AuthenticatedAt)
        {
            Address = HttpContext.Connection.RemoteIpAddress?.ToString(),
            UserAgent = Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent : null,
        };
        var claim = new DirectClaim(Screen.Text, Screen.Of(salt), salt, signer);
        var outcome = await parts.Context.Loop.RunAsync(new AcceptDirectly(parts.Context, visit.Environment, visit.Id, visit.Concerned, claim));
        await FindAsync();
        if (outcome.TryGetValue(out var accepted, out var problem))
        {
            State = accepted.First ? DirectState.Accepted : State;
            return Page();
        }

        Telemetry.CountRefusal(problem.Code);
        return problem.Code switch
        {
            ProblemCode.PresentationChanged => Again(DirectFault.Changed, 409),
            ProblemCode.NotPermitted or ProblemCode.NationalCloud => Show(403),
            ProblemCode.Overloaded => StatusCode(503),
            _ => StatusCode(500),
        };
    }

    /// <summary>The reader's own choice, else the page's language, else what the browser prefers; only what the country has.</summary>
    private string TextLanguage(DirectVisit visit)
    {
        var wanted = Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.ToString()).Prepend(HttpContext.Texts().Language);
        return visit.TextLanguages.FirstOrDefault(known => known == Request.Query["text"])
            ?? wanted.Select(tag => visit.TextLanguages.FirstOrDefault(known => Primary(known).Equals(Primary(tag), StringComparison.OrdinalIgnoreCase)))
                .FirstOrDefault(found => found is not null)
            ?? TemplateCatalogue.DefaultLanguage;
    }

    private PageResult Again(DirectFault fault, int status)
    {
        Fault = fault;
        return Show(status);
    }

    private PageResult Show(int status)
    {
        Response.StatusCode = status;
        return Page();
    }

    private string NewSalt()
    {
        var bytes = new byte[SaltBytes];
        parts.Context.Ids.Fill(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private static bool IsAsked(string reference) => reference.TrimEnd('/').Equals(Reference, StringComparison.OrdinalIgnoreCase);

    /// <summary>The stronger of the person's roles, as the record spells it.</summary>
    private static string RoleOf(SignedIn person) =>
        person.Roles.HasFlag(Roles.GlobalAdministrator) ? "globalAdministrator"
        : person.Roles.HasFlag(Roles.BillingOwner) ? "billingOwner"
        : "customerUser";

    private static string Primary(string tag) => tag.Split('-')[0];

    private static string Fingerprint(Presentation shown) =>
        string.Join('.', shown.TextSha256, shown.StatementSha256, shown.ButtonSha256, shown.ScreenSha256, shown.Build);

    private static bool SameText(string sent, string known) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(known));
}
