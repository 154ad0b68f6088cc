using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Hosting.SignIn;
using Concordat.Server.Operations;
using Concordat.Server.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Concordat.Server.Portal;

/// <summary>What the gate says about one action, and when that changes.</summary>
internal sealed record ActionVerdict(ActionClass Action, Decision Decision, RefusalReason Reason, DateTimeOffset? Changes);

/// <summary>
/// One customer's account: the agreement section as Partner Center shows it, and beside it what that does not show. What the
/// provider does and whom it deals with is not for resellers: they see the standing and what follows from it.
/// </summary>
[PageAccess(TenantKind.Partner, PortalPages.Everybody)]
internal sealed class CustomerModel(Parts parts) : PageModel
{
    public const string Path = "/portal/customers/";

    private const int RefusalsShown = 50;

    public CustomerView View => field ??= CustomerView.Of(HttpContext.Person(), parts.Directory);

    public CustomerRow Row { get; private set; } = null!;

    public Standing Standing { get; private set; }

    public Outlook Outlook { get; private set; }

    public IReadOnlyList<ActionVerdict> Verdicts { get; private set; } = [];

    public IReadOnlyList<HistoryEntry> History { get; private set; } = [];

    /// <summary>The partner attestation that counts; null when there is none.</summary>
    public HistoryEntry? Attestation { get; private set; }

    public IReadOnlyList<OutboxRow> Notices { get; private set; } = [];

    public IReadOnlyList<RefusedTransaction> Refusals { get; private set; } = [];

    /// <summary>Since when the form for attestations is closed; null while it is open.</summary>
    public DateTimeOffset? ReadOnlySince { get; private set; }

    /// <summary>The last confirmation by the legacy call after its deprecation; null when there is none.</summary>
    public DateTimeOffset? LegacyUse { get; private set; }

    public bool IsStaff => View.Reseller is null;

    /// <summary>People's names are for those who deal with them and those who examine the records.</summary>
    public bool MaySeePeople => IsStaff && (HttpContext.Person().Roles & (Roles.Agents | Roles.Auditor)) != 0;

    /// <summary>What would open the gate, best first, over all that is refused.</summary>
    public IReadOnlyList<Remedy> NextSteps => [.. Verdicts.SelectMany(verdict => verdict.Decision.Remedies).Distinct()];

    public string? ResellerName => Row.Reseller is { } id ? parts.Directory.Find(id)?.Name : null;

    public async Task<IActionResult> OnGetAsync(string customer)
    {
        if (!Guids.TryParse(customer, out var id) || !await ReadAsync(new CustomerId(id)))
        {
            return NotFound();
        }

        var context = parts.Context;
        var question = View.About(Standing, context);
        Outlook = Outlook.Of(question, context.Timeline);
        Verdicts = [.. Enum.GetValues<ActionClass>().Select(action => Ask(question with { Action = action }))];
        ReadOnlySince = context.Timeline.Rules.FirstOrDefault(rule => rule.Kind == RuleKind.DenyCreate && rule.HoldsAt(question.Now)
            && rule.Environments.Contains(question.Environment) && rule.Channels.Contains(Channel.Ui)
            && rule.AgreementTypes.Contains(AgreementType.MicrosoftCustomerAgreement))?.From;
        var deprecated = context.Timeline.Attestation(question.Environment, Channel.Api, question.Now).LegacyDeprecatedSince;
        LegacyUse = History.LastOrDefault(entry => entry.Method == "partner-legacy" && entry.Fact.RecordedAt >= deprecated)?.Fact.RecordedAt;
        return Page();
    }

    private ActionVerdict Ask(GateQuestion question)
    {
        var timeline = parts.Context.Timeline;
        return new ActionVerdict(
            question.Action, Gate.Decide(question, timeline), Gate.Verdict(question, timeline).Reason, Gate.NextChange(question, timeline));
    }

    private ValueTask<bool> ReadAsync(CustomerId customer) => parts.Database.ReadAsync(View.Owner.Id, async tx =>
    {
        if (await View.FindAsync(tx, customer) is not { } row || await StandingRows.FindAsync(tx, View.Owner.Id, customer) is not { } standing)
        {
            return false;
        }

        (Row, Standing) = (row, standing.Standing);
        var people = MaySeePeople ? await SubjectRows.OfCustomerAsync(tx, View.Owner.Id, customer) : [];
        var facts = await FactRows.OfAsync(tx, View.Owner.Id, customer);
        var direct = await FactRows.DirectAsync(tx, customer);
        History = HistoryEntry.Of(facts, direct, subject => people.FirstOrDefault(person => person.Id == subject) is { } found
            ? Signatories.Open(parts.Context.Vault, View.Owner.Id, found) : null, row.CreatedAt);
        var counts = StandingFold.InForce(facts.Select(fact => fact.Fact)).Where(fact => fact.Kind is FactKind.Confirmed or FactKind.Corrected
            && fact.Type == AgreementType.MicrosoftCustomerAgreement).MaxBy(fact => (fact.DateAgreed, fact.RecordedAt));
        Attestation = counts is null ? null : History.Single(entry => entry.Fact.Id == counts.Id);
        if (IsStaff)
        {
            Notices = [.. (await OutboxRows.OfCustomerAsync(tx, View.Owner.Id, customer)).Where(mail => mail.Kind != Outbox.Word(MailKind.Code))];
            Refusals = (await AuditRows.RefusedOfCustomerAsync(tx, View.Owner.Id, customer, RefusalsShown)).ConvertAll(RefusedTransaction.Of);
        }

        return true;
    });
}
