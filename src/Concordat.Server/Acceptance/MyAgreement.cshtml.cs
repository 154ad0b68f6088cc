using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Pages;
using Concordat.Server.Hosting.SignIn;
using Concordat.Server.Operations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Concordat.Server.Acceptance;

/// <summary>Where a record stands, in the signatory's eyes.</summary>
internal enum OwnState
{
    /// <summary>It counts.</summary>
    Counts,

    /// <summary>The signatory said that it was not them.</summary>
    Disputed,

    /// <summary>The partner has corrected it.</summary>
    Corrected,

    /// <summary>The partner has taken it back.</summary>
    Withdrawn,
}

/// <summary>What was wrong with what was sent.</summary>
internal enum OwnFault
{
    None,
    NotConfirmed,
    Words,
    Late,
}

/// <summary>
/// A signatory's own page, opened by the link in their notice: what is on record in their name, the text, the record to keep, and
/// "this was not me". Who holds the link may read and dispute; reading changes nothing. A link that opens nothing is a page that does
/// not exist.
/// </summary>
[OpenPage]
[RequestSizeLimit(8 * 1024)]
internal sealed class MyAgreementModel(Parts parts) : PageModel
{
    private SignatoryRecord? found;

    public SignatoryRecord Record => found!;

    public OwnFault Fault { get; private set; }

    /// <summary>What the signatory wrote, when it has to be corrected.</summary>
    public string? Words { get; private set; }

    public OwnState State => Record switch
    {
        { Later.Fact.Kind: FactKind.Corrected } => OwnState.Corrected,
        { Later: not null } => OwnState.Withdrawn,
        { Dispute: not null } => OwnState.Disputed,
        _ => OwnState.Counts,
    };

    /// <summary>The very text that is on record is there to be shown.</summary>
    public bool HasText => Record.SameText;

    public async Task<IActionResult> OnGetAsync(string token)
    {
        if (!await FindAsync(token))
        {
            return NotFound();
        }

        return Request.Query["download"] == "record"
            ? File(RecordFile.Write(Record), "application/json", $"agreement-{Record.Fact.Entry}.json")
            : Page();
    }

    public async Task<IActionResult> OnPostAsync(string token)
    {
        if (!IsOurForm())
        {
            return StatusCode(403);
        }

        if (!await FindAsync(token))
        {
            return NotFound();
        }

        var form = Request.Form;
        // Pages write line ends into what several lines were typed into; this is one line.
        Words = form["words"].ToString().ReplaceLineEndings(" ").Trim() is { Length: > 0 } words ? words : null;
        if (form["confirm"] != "yes")
        {
            return Again(OwnFault.NotConfirmed, 422);
        }

        if (Words is { } said && (said.Length > Disputes.LongestWords || said.Any(char.IsControl)))
        {
            return Again(OwnFault.Words, 422);
        }

        var outcome = await parts.Context.Loop.RunAsync(new OpenDispute(parts.Context, Record.Partner, Record.Link, Words));
        if (!outcome.TryGetValue(out _, out var problem))
        {
            Telemetry.CountRefusal(problem.Code);
            return problem.Code switch
            {
                ProblemCode.StateConflict when await FindAsync(token) => Again(OwnFault.Late, 409),
                ProblemCode.Overloaded => StatusCode(503),
                _ => NotFound(),
            };
        }

        return await FindAsync(token) ? Page() : NotFound();
    }

    /// <summary>
    /// Whoever knows the address may send the form, so this keeps out only what says that another site sent it. Browsers blank the
    /// origin of a page that, as this one, gives its address to nobody.
    /// </summary>
    private bool IsOurForm() => Request.HasFormContentType
        && Request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin"
        && (Request.Headers.Origin.ToString() is "" or "null" || Request.Headers.Origin == parts.PublicUrl);

    private async ValueTask<bool> FindAsync(string token)
    {
        found = await SignatoryRecord.FindAsync(parts.Context, parts.Directory, token);
        HttpContext.Suggest(found?.Language);
        return found is not null;
    }

    private PageResult Again(OwnFault fault, int status)
    {
        (Fault, Response.StatusCode) = (fault, status);
        return Page();
    }
}
