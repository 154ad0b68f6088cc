using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Pages;
using Concordat.Server.Hosting.SignIn;
using Concordat.Server.Operations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Concordat.Server.Acceptance;

/// <summary>Which page a signatory gets.</summary>
internal enum PageState
{
    Pending,
    Accepted,
    AlreadyAccepted,
    Declined,
    AlreadyDeclined,
    Expired,
    Cancelled,
    Finalised,
    Unknown,
    TooMany,
}

/// <summary>What was wrong with what was sent; each has its words.</summary>
internal enum SendFault
{
    None,
    BoxNotTicked,
    Reason,
    Changed,
    TooOld,
    CodeNeeded,
    CodeWrong,
    CodeTries,
    CodeExpired,
    CodeSoon,
    CodeLimit,
    SignInNeeded,
}

/// <summary>The fields that no one sees.</summary>
internal sealed record HiddenFields(string Token, string Language, string? Proof);

/// <summary>
/// The acceptance page: shows the agreement to the signatory and takes the answer. It sets no cookie; reading it (GET, HEAD)
/// changes nothing; what is sent carries a token of the very page that was shown.
/// </summary>
[OpenPage]
[RequestSizeLimit(BodyLimit)]
internal sealed class AcceptModel(Parts parts) : PageModel
{
    /// <summary>Bytes of a form: a reason of 500 letters, percent-encoded, and the tokens.</summary>
    public const int BodyLimit = 16 * 1024;

    // No daylight saving.
    private static readonly TimeSpan JapanTime = TimeSpan.FromHours(9);

    /// <summary>Requests a minute from one network.</summary>
    public const int PerMinute = 30;

    public PageState State { get; private set; } = PageState.Unknown;

    public SendFault Fault { get; private set; }

    /// <summary>Null when there is no such attestation, or its signatory was erased.</summary>
    public Visit? Visit { get; private set; }

    public Embedding Embedding { get; private set; } = null!;

    /// <summary>Wrong codes that may still come.</summary>
    public int TriesLeft { get; private set; }

    /// <summary>How far the proof of the mailbox is.</summary>
    public CodeStep Code { get; private set; }

    /// <summary>What the right code gave; it stays in the form.</summary>
    public string? Proof { get; private set; }

    /// <summary>The reason as it was sent, when it has to be corrected.</summary>
    public string? Reason { get; private set; }

    /// <summary>What is shown of a pending attestation.</summary>
    public Screen Screen => field ??= Visit!.ScreenNow(parts.Context, Words);

    /// <summary>The forms that answer are there: nothing has to be proved before.</summary>
    public bool CanAnswer => Visit!.Required switch
    {
        Assurance.Link => true,
        Assurance.Mailbox => Code == CodeStep.Proven,
        Assurance.SignedIn => Person is not null && !IsOfAnother,
    };

    /// <summary>Who is signed in, where that is asked for; null for nobody.</summary>
    public SignedInPerson? Person { get; private set; }

    /// <summary>Somebody of a company that the attestation is not for.</summary>
    public bool IsOfAnother => Person is { } person && Visit!.Attestation.Customer is { } customer && customer != person.Tenant;

    /// <summary>Where to sign in, and come back.</summary>
    public string SignInAddress => SignInOptions.StartPath + QueryString.Create("return", AddressOfItsOwn).Add("account", "other");

    /// <summary>A step was taken without a fault, and the next one is further down on the page: it gets the focus.</summary>
    public bool GoesOn => Fault == SendFault.None && HttpMethods.IsPost(Request.Method);

    /// <summary>Where the forms go: this very page.</summary>
    public string Address => Request.Path + QueryOf("attestationid", "lang", "origin", "nonce");

    /// <summary>The page in a window of its own, which tells no shop.</summary>
    public string AddressOfItsOwn => Request.Path + QueryOf("attestationid", "lang");

    private Texts Words => HttpContext.Texts();

    /// <summary>A time as the reader's language writes it, with its zone.</summary>
    public string When(DateTimeOffset at) => Words["Mca.When", Words.Language == "ja" ? at.ToOffset(JapanTime) : at.ToUniversalTime()];

    /// <summary>What a form carries back.</summary>
    public HiddenFields FormOf(bool accepts)
    {
        var nonce = parts.Forms.NewNonce();
        return new HiddenFields(parts.Forms.Write(Visit!.Id, nonce, Screen.Of(nonce, accepts)), Words.Language, Proof);
    }

    public async Task<IActionResult> OnGetAsync()
    {
        await FindAsync();
        if (State == PageState.TooMany)
        {
            return Show(429);
        }

        if (Visit is null)
        {
            return Show(404);
        }

        if (State == PageState.Pending)
        {
            Code = await Codes.StepAsync(parts, Visit);
        }

        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Sending.Refusal(Request, parts.PublicUrl) is { } refusal)
        {
            return StatusCode(refusal);
        }

        var form = await Request.ReadFormAsync(HttpContext.RequestAborted);
        await FindAsync();
        if (State == PageState.TooMany || Visit is null)
        {
            return Show(State == PageState.TooMany ? 429 : 404);
        }

        var token = parts.Forms.Read(form["token"], Visit.Id, out var fault);
        if (token is null)
        {
            return await RefuseFormAsync(fault);
        }

        Proof = form["proof"].ToString() is { Length: > 0 and <= 64 } proof ? proof : null;
        return form["do"].ToString() switch
        {
            "accept" when form["agree"] != "yes" => await AgainAsync(SendFault.BoxNotTicked, 422),
            "accept" => await AnswerAsync(token, form, accepts: true),
            "decline" => await AnswerAsync(token, form, accepts: false),
            "send" => await SendCodeAsync(),
            "check" => await CheckCodeAsync(form["code"].ToString()),
            _ => StatusCode(400),
        };
    }

    /// <summary>Reads the attestation, decides the language, says who may frame the page, counts the request.</summary>
    private async Task FindAsync()
    {
        Visit = await Visit.FindAsync(parts, Request.Query["attestationid"].ToString());
        Embedding = Embedding.Of(HttpContext, Visit?.Partner);
        HttpContext.Suggest(Visit?.Attestation.Language);
        var wait = parts.PageThrottle.Take(ClientNetwork.KeyOf(HttpContext.Connection.RemoteIpAddress), "mca", PerMinute);
        if (wait is { } rest && Visit?.Partner.Switches.Throttling != false)
        {
            Response.Headers.RetryAfter = ((int)Math.Ceiling(rest.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            (State, Visit) = (PageState.TooMany, null);
            return;
        }

        State = Visit?.StateNow(parts.Context) ?? PageState.Unknown;
        if (Visit is { Required: Assurance.SignedIn } && await parts.Sessions.FindAsync(HttpContext) is { Kind: TenantKind.Customer } person)
        {
            Person = new SignedInPerson(person.Customer, person.Person, person.Session.Mfa ? "mfa" : "single factor");
        }
    }

    private async Task<IActionResult> AnswerAsync(FormToken token, IFormCollection form, bool accepts)
    {
        var visit = Visit!;
        // Pages write line ends into what several lines were typed into; a reason is one line.
        Reason = form["reason"].ToString().ReplaceLineEndings(" ").Trim() is { Length: > 0 } reason ? reason : null;
        var claim = new AnswerClaim(accepts, token.Shown, visit.ScreenNow(parts.Context, Words).Of(token.Nonce, accepts))
        {
            Reason = accepts ? null : Reason,
            MailboxProof = Proof,
            SignedIn = Person,
            Address = HttpContext.Connection.RemoteIpAddress?.ToString(),
            UserAgent = Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent : null,
        };
        claim = Observations.Add(claim, parts, visit, Words, token, Hints.Read(form["hints"]), Request);
        var outcome = await parts.Context.Loop.RunAsync(new AnswerAttestation(parts.Context, visit.Partner, visit.Opened, claim));
        if (outcome.TryGetValue(out var answered, out var problem))
        {
            Visit = await Visit.FindAsync(parts, visit.Id.ToString());
            State = answered.Attestation.State == AttestationState.Declined ? PageState.Declined : PageState.Accepted;
            return Page();
        }

        Telemetry.CountRefusal(problem.Code);
        return problem.Code switch
        {
            ProblemCode.InvalidInput => await AgainAsync(SendFault.Reason, 422),
            ProblemCode.PresentationChanged => await AgainAsync(SendFault.Changed, 409),
            ProblemCode.AssuranceTooLow => await AgainAsync(visit.Required == Assurance.SignedIn ? SendFault.SignInNeeded : SendFault.CodeNeeded, 403),
            ProblemCode.AttestationState => await AgainAsync(SendFault.None, 409),
            ProblemCode.NotFound => StatusCode(404),
            ProblemCode.Overloaded => StatusCode(503),
            _ => StatusCode(500),
        };
    }

    private async Task<IActionResult> SendCodeAsync()
    {
        var outcome = await parts.Context.Loop.RunAsync(new SendAttestationCode(parts.Context, Visit!.Partner, Visit.Id));
        Proof = null;
        return outcome.Problem switch
        {
            null => await AgainAsync(SendFault.None, 200),
            { Code: ProblemCode.TooManyRequests, RetryAfter: null } => await AgainAsync(SendFault.CodeLimit, 429),
            { Code: ProblemCode.TooManyRequests } => await AgainAsync(SendFault.CodeSoon, 429),
            { Code: ProblemCode.AttestationState } => await AgainAsync(SendFault.None, 409),
            _ => StatusCode(503),
        };
    }

    private async Task<IActionResult> CheckCodeAsync(string entered)
    {
        var known = await Codes.FindAsync(parts, Visit!);
        // People type blanks and full-width digits.
        var digits = string.Concat(entered.Where(c => !char.IsWhiteSpace(c) && c != '-').Take(12)).Normalize(System.Text.NormalizationForm.FormKC);
        var outcome = await parts.Context.Loop.RunAsync(new CheckAttestationCode(parts.Context, Visit!.Partner, Visit.Id, digits));
        if (!outcome.TryGetValue(out var result, out _))
        {
            return StatusCode(503);
        }

        (Proof, TriesLeft) = (result.Proof, result.TriesLeft);
        return result.Proof is not null ? await AgainAsync(SendFault.None, 200)
            : result.TriesLeft > 0 ? await AgainAsync(SendFault.CodeWrong, 422)
            : await AgainAsync(known is not null && parts.Context.Clocks.Wall.GetUtcNow() >= known.ExpiresAt ? SendFault.CodeExpired : SendFault.CodeTries, 422);
    }

    /// <summary>A form that is none of this attestation's, or too old: nothing happens, and the page is shown as it is now.</summary>
    private async Task<IActionResult> RefuseFormAsync(FormFault fault)
    {
        if (fault != FormFault.TooOld)
        {
            var actor = new Actor(Visit!.Partner, Guid.Empty, Guid.Empty, null, ResponseHeaders.RequestId(HttpContext));
            parts.Audits.TryAdd(Audit.Of(
                parts.Context, actor, Visit.Attestation.Customer, "answer_attestation", fault == FormFault.OfAnother ? "form-of-another" : "form-forged",
                null, Visit.Id.ToString()));
            LogEvents.FormRefused(parts.Log, fault.ToString(), Visit.Id, ResponseHeaders.RequestId(HttpContext));
        }

        return await AgainAsync(fault == FormFault.TooOld ? SendFault.TooOld : SendFault.Changed, 409);
    }

    /// <summary>The page as it is now, with what was wrong.</summary>
    private async Task<IActionResult> AgainAsync(SendFault fault, int status)
    {
        Visit = await Visit.FindAsync(parts, Visit!.Id.ToString());
        State = Visit?.StateNow(parts.Context) ?? PageState.Unknown;
        if (State == PageState.Pending)
        {
            Code = Proof is not null && fault is not SendFault.CodeNeeded ? CodeStep.Proven : await Codes.StepAsync(parts, Visit!);
            Fault = fault;
        }

        return Show(Visit is null ? 404 : status);
    }

    private QueryString QueryOf(params ReadOnlySpan<string> names)
    {
        var query = QueryString.Empty;
        foreach (var name in names)
        {
            if (Request.Query.TryGetValue(name, out var value))
            {
                query = query.Add(name, value.ToString());
            }
        }

        return query;
    }

    private PageResult Show(int status)
    {
        Response.StatusCode = status;
        return Page();
    }
}
