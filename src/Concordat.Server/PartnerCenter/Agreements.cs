using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Core.Ledger;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.PartnerCenter;

internal sealed record WireAgreementMetadata(string TemplateId, string AgreementType, string AgreementLink, int VersionRank);

/// <summary>A confirmation in both directions; what a client must not decide (userId, link, attributes) is not read.</summary>
internal sealed record WireAgreement
{
    public string? UserId { get; init; }

    public WireContact? PrimaryContact { get; init; }

    public string? TemplateId { get; init; }

    public string? DateAgreed { get; init; }

    public string? Type { get; init; }

    public string? AgreementLink { get; init; }

    /// <summary>The accepted attestation that the agreement is made of; absent for the legacy call.</summary>
    [JsonPropertyName(EnhancedNames.AttestationId)]
    public string? AttestationId { get; init; }
}

internal sealed record WireContact(string? FirstName, string? LastName, string? Email, string? PhoneNumber);

internal sealed record WireSignedStatus(bool IsSigned);

/// <summary>Agreement metadata, confirmations of a customer, direct-signed status.</summary>
internal static class Agreements
{
    public static void Map(WireRoutes routes)
    {
        routes.Get("agreements", Access.ReadAgreements, MetadataAsync, new("Lists the agreement templates.", Response: typeof(WireCollection<WireAgreementMetadata>)));
        routes.Get("customers/{customer}/agreements", Access.ReadAgreements, ListAsync,
            new("Lists a customer's confirmations, newest recorded first.", Response: typeof(WireCollection<WireAgreement>)));
        routes.Post("customers/{customer}/agreements", Access.AttestEither, CreateAsync, new(
            "Records that a customer accepted an agreement: as the partner says, or as an enhanced attestation shows.", 201,
            Request: typeof(WireAgreement), Response: typeof(WireAgreement)));
        routes.Get("customers/{customer}/directSignedMicrosoftCustomerAgreementStatus", Access.ReadAgreements, DirectStatusAsync,
            new("Says whether the customer accepted the Customer Agreement itself.", Response: typeof(WireSignedStatus)));
    }

    private static Task MetadataAsync(Call call)
    {
        if (!AgreementFilter.Of(call).TryGetValue(out var filter, out var problem))
        {
            return call.RefuseAsync(problem);
        }

        WireAgreementMetadata[] items = [.. TemplateCatalogue.All.Where(template => filter.Takes(template.Type)).Select(template =>
            new WireAgreementMetadata(template.Id.ToString("D"), template.Type.ToString(), template.Link.OriginalString, template.VersionRank))];
        return call.RespondAsync(200, new WireCollection<WireAgreementMetadata>(items.Length, items)
        {
            Links = new WireLinks(new WireLink("/agreements" + call.Http.Request.QueryString.Value)),
        }, WireTypes.Default.WireCollectionWireAgreementMetadata);
    }

    private static async Task ListAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem) || !AgreementFilter.Of(call).TryGetValue(out var filter, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var vault = call.Parts.Context.Vault;
        var partner = call.Partner.Id;
        var standing = StandingRows.PlanFind(partner, customer);
        var facts = FactRows.PlanOf(partner, customer);
        var subjects = SubjectRows.PlanOfCustomer(partner, customer, Signatories.Kind);
        // One round trip on PostgreSQL instead of three.
        await call.ReadAsync(async tx =>
        {
            await tx.PrefetchAsync([standing, facts, subjects]);
            return true;
        });
        if (Relationship.Check(standing.Rows is [var row, ..] ? row : null) is { } absent)
        {
            await call.RefuseAsync(absent);
            return;
        }

        var people = subjects.Rows.ToDictionary(subject => subject.Id);
        var items = facts.Rows.Where(fact => fact.Fact.Kind is FactKind.Confirmed or FactKind.Corrected && filter.Takes(fact.Fact.Type))
            .Reverse()
            .Select(fact => ToWire(fact, people.TryGetValue(fact.Fact.Contact!.Value, out var person) ? Signatories.Open(vault, partner, person) : null))
            .ToArray();
        if (items.Length == 0 && call.Partner.Switches.NoConfirmations == NoConfirmationsAnswer.Fault)
        {
            await call.RefuseAsync(new Problem(ProblemCode.NoConfirmations, "The customer has no confirmed agreement of that type."));
            return;
        }

        await call.RespondAsync(200, new WireCollection<WireAgreement>(items.Length, items), WireTypes.Default.WireCollectionWireAgreement);
    }

    /// <summary>The body decides: with an attestation the call is App-only, without one it takes users.</summary>
    private static Task CreateAsync(Call call)
    {
        var read = call.Read(WireTypes.Default.WireAgreement);
        var attestation = read.Problem is null ? read.Value.AttestationId : null;
        return (string.IsNullOrEmpty(attestation), call.Caller.Kind) switch
        {
            (true, CallerKind.AppPlusUser) => ConfirmAsync(call, read),
            (false, CallerKind.AppOnly) => FinaliseAsync(call, read.Value, attestation!),
            (true, _) => call.RefuseAsync(new Problem(ProblemCode.AppOnlyNotSupported,
                "Without an attestationId this call takes App+User tokens only. Sign a user in and repeat it.")),
            (false, _) => call.RefuseAsync(new Problem(ProblemCode.UserTokenNotSupported,
                "With an attestationId this call takes App-only tokens only. Use the client credentials of your application.")),
        };
    }

    private static async Task FinaliseAsync(Call call, WireAgreement body, string attestation)
    {
        var parts = call.Parts;
        if (!call.Customer().TryGetValue(out var customer, out var problem)
            || !CheckFinal(body, attestation).TryGetValue(out var id, out problem)
            || !(await Finalising.RunAsync(parts.Context, parts.Audits, parts.Log, call.Actor, customer, call.Key, id)).TryGetValue(out var confirmed, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        await call.RespondAsync(201, ToWire(confirmed) with { UserId = null, AttestationId = id.ToString() }, WireTypes.Default.WireAgreement);
    }

    /// <summary>Signatory and date are the attestation's; of the other members only a template of the other agreement contradicts it.</summary>
    private static Outcome<AttestationId> CheckFinal(WireAgreement body, string attestation)
    {
        if (!Guids.TryParse(attestation, out var id))
        {
            return new Problem(ProblemCode.InvalidInput, "The attestation id is a GUID.", EnhancedNames.AttestationId);
        }

        return body.TemplateId is { Length: > 0 } template
            && (!Guids.TryParse(template, out var named) || TemplateCatalogue.Find(named)?.Type != EnhancedAttestation.Type)
                ? new Problem(ProblemCode.TemplateNotSupported, "An enhanced attestation is of the Microsoft Customer Agreement.", "templateId")
                : new AttestationId(id);
    }

    private static async Task ConfirmAsync(Call call, Outcome<WireAgreement> read)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem)
            || !read.TryGetValue(out var body, out problem)
            || !Check(call, body, "partner-legacy", Channel.Api).TryGetValue(out var said, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var context = call.Parts.Context;
        var outcome = await context.Loop.RunAsync(new ConfirmAcceptance(context, call.Actor, customer, call.Key, said));
        if (!outcome.TryGetValue(out var confirmed, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        Deprecation.Announce(call, Channel.Api);
        await call.RespondAsync(201, ToWire(confirmed), WireTypes.Default.WireAgreement);
    }

    private static async Task DirectStatusAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var row = await call.ReadAsync(tx => StandingRows.FindAsync(tx, call.Partner.Id, customer));
        if (Relationship.Check(row) is { } absent)
        {
            await call.RefuseAsync(absent);
            return;
        }

        await call.RespondAsync(200, new WireSignedStatus(row!.Standing.Has(StandingFlags.AcceptedDirectly)), WireTypes.Default.WireSignedStatus);
    }

    /// <summary>Checks everything that does not need storage; the template decides the type.</summary>
    internal static Outcome<Confirmation> Check(Call call, WireAgreement body, string method, Channel channel)
    {
        var switches = call.Partner.Switches;
        var now = call.Parts.Context.PolicyNow(call.Partner.Environment);
        var faults = new Faults();
        var template = faults.Take(TemplateOf(body, switches));
        var sent = body.PrimaryContact;
        var person = faults.Take(Contact.Parse(sent?.FirstName, sent?.LastName, sent?.Email, sent?.PhoneNumber));
        var floor = new DateTimeOffset(switches.DateAgreedFloor.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var agreed = faults.Take(AgreedDate.Parse(body.DateAgreed, now, switches.ClockSkew, floor));
        return faults.None
            ? new Confirmation(template!.Type, person!, DateTimeOffset.FromUnixTimeMilliseconds(agreed), method, channel)
            : faults.ToProblem();
    }

    private static Outcome<AgreementTemplate> TemplateOf(WireAgreement body, Switches switches)
    {
        if (!Guids.TryParse(body.TemplateId, out var id) || TemplateCatalogue.Find(id) is not { } template)
        {
            return new Problem(ProblemCode.TemplateNotSupported, "The template id is not one that GET /v1/agreements lists.", "templateId");
        }

        return switches.TypeMismatch == MismatchAnswer.Refused && body.Type is { Length: > 0 } type && type != template.Type.ToString()
            ? new Problem(ProblemCode.InvalidInput, "The type contradicts the template.", "type")
            : template;
    }

    private static WireAgreement ToWire(ConfirmedAgreement confirmed) => new()
    {
        UserId = confirmed.Attester?.ToString("D"),
        PrimaryContact = ToWire(confirmed.Contact),
        TemplateId = TemplateCatalogue.Of(confirmed.Type).Id.ToString("D"),
        DateAgreed = LedgerEntry.Instant(confirmed.DateAgreed),
        Type = confirmed.Type.ToString(),
    };

    private static WireAgreement ToWire(FactRow row, Contact? contact)
    {
        var template = TemplateCatalogue.Of(row.Fact.Type);
        return new WireAgreement
        {
            PrimaryContact = contact is null ? null : ToWire(contact),
            TemplateId = template.Id.ToString("D"),
            DateAgreed = LedgerEntry.Instant(row.Fact.DateAgreed),
            Type = row.Fact.Type.ToString(),
            AgreementLink = template.Link.OriginalString,
        };
    }

    internal static WireContact ToWire(Contact contact) =>
        new(contact.FirstName, contact.LastName, contact.Email, contact.PhoneNumber ?? "");
}

/// <summary>The <c>agreementType</c> filter: absent or empty means the Cloud Agreement alone, <c>*</c> everything.</summary>
internal readonly record struct AgreementFilter(bool All, AgreementType? Type)
{
    public bool Takes(AgreementType type) => All || type == Type;

    public static Outcome<AgreementFilter> Of(Call call) => call.Query("agreementType") switch
    {
        null => new AgreementFilter(false, AgreementType.MicrosoftCloudAgreement),
        "*" => new AgreementFilter(true, null),
        var word when Enum.GetNames<AgreementType>().FirstOrDefault(name => name.Equals(word, StringComparison.OrdinalIgnoreCase)) is { } name =>
            new AgreementFilter(false, Enum.Parse<AgreementType>(name)),
        _ when call.Partner.Switches.UnknownAgreementType == UnknownTypeAnswer.EmptyList => new AgreementFilter(false, null),
        _ => new Problem(ProblemCode.UnknownEnumWord,
            "agreementType is MicrosoftCloudAgreement, MicrosoftCustomerAgreement or *.", "agreementType"),
    };
}
