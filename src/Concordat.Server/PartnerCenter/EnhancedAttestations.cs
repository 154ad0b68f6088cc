using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;

namespace Concordat.Server.PartnerCenter;

/// <summary>What a partner sends to have a signatory asked.</summary>
internal sealed record WireAttestationRequest
{
    [JsonPropertyName(EnhancedNames.Country)]
    public string? Country { get; init; }

    [JsonPropertyName(EnhancedNames.Language)]
    public string? Language { get; init; }

    [JsonPropertyName(EnhancedNames.CompanyName)]
    public string? CompanyName { get; init; }

    [JsonPropertyName(EnhancedNames.FirstName)]
    public string? FirstName { get; init; }

    [JsonPropertyName(EnhancedNames.LastName)]
    public string? LastName { get; init; }

    [JsonPropertyName(EnhancedNames.Email)]
    public string? Email { get; init; }

    [JsonPropertyName(EnhancedNames.PhoneNumber)]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName(EnhancedNames.CustomerTenantId)]
    public string? CustomerTenantId { get; init; }

    [JsonPropertyName(EnhancedNames.MinimumAssurance)]
    public string? MinimumAssurance { get; init; }
}

/// <summary>Where an attestation stands, and what was sent.</summary>
internal sealed record WireAttestation
{
    [JsonPropertyName(EnhancedNames.AttestationId)]
    public required string AttestationId { get; init; }

    [JsonPropertyName(EnhancedNames.AttestationUrl)]
    public required string AttestationUrl { get; init; }

    [JsonPropertyName(EnhancedNames.Status)]
    public required string Status { get; init; }

    [JsonPropertyName(EnhancedNames.ExpiresAt)]
    public required string ExpiresAt { get; init; }

    [JsonPropertyName(EnhancedNames.Country)]
    public required string Country { get; init; }

    [JsonPropertyName(EnhancedNames.Language)]
    public required string Language { get; init; }

    [JsonPropertyName(EnhancedNames.CompanyName)]
    public string? CompanyName { get; init; }

    [JsonPropertyName(EnhancedNames.FirstName)]
    public string? FirstName { get; init; }

    [JsonPropertyName(EnhancedNames.LastName)]
    public string? LastName { get; init; }

    [JsonPropertyName(EnhancedNames.Email)]
    public string? Email { get; init; }

    [JsonPropertyName(EnhancedNames.PhoneNumber)]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName(EnhancedNames.CustomerTenantId)]
    public string? CustomerTenantId { get; init; }

    [JsonPropertyName(EnhancedNames.MinimumAssurance)]
    public required string MinimumAssurance { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WireAttestationRequest))]
[JsonSerializable(typeof(WireAttestation))]
internal sealed partial class AttestationJson : JsonSerializerContext;

/// <summary>The enhanced attestation (2025): App-only. Its third step, the agreement, is <see cref="Agreements"/>'.</summary>
internal static class EnhancedAttestations
{
    public static void Map(WireRoutes routes)
    {
        routes.Post(EnhancedNames.Path, Access.AttestAsApp, CreateAsync, new("Asks a customer's signatory to accept the agreement on a page that shows it.", 201,
            typeof(WireAttestationRequest), typeof(WireAttestation)));
        routes.Get(EnhancedNames.Path + "/{attestation}", Access.AttestAsApp, FindAsync, new(
            "Says where an attestation stands.", Response: typeof(WireAttestation)));
        routes.Delete(EnhancedNames.Path + "/{attestation}", Access.AttestAsApp, CancelAsync, new("Takes back an attestation that nobody has answered.", 204));
    }

    private static async Task CreateAsync(Call call)
    {
        if (!call.Read(AttestationJson.Default.WireAttestationRequest).TryGetValue(out var body, out var problem)
            || !Check(call, body).TryGetValue(out var asked, out problem)
            || !(await call.Parts.Context.Loop.RunAsync(new CreateAttestation(call.Parts.Context, call.Actor, call.Key, asked))).TryGetValue(out var created, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        await call.RespondAsync(201, ToWire(call, created), AttestationJson.Default.WireAttestation);
    }

    private static async Task FindAsync(Call call)
    {
        if (!call.Id("attestation").TryGetValue(out var id, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var found = await Attestations.FindAsync(call.Parts.Context, call.Partner.Id, new AttestationId(id));
        await (found is null ? call.RefuseAsync(Attestations.NotFound()) : call.RespondAsync(200, ToWire(call, found), AttestationJson.Default.WireAttestation));
    }

    private static async Task CancelAsync(Call call)
    {
        var context = call.Parts.Context;
        if (!call.Id("attestation").TryGetValue(out var id, out var problem)
            || !(await context.Loop.RunAsync(new CancelAttestation(context, call.Actor, new AttestationId(id)))).TryGetValue(out _, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        await call.RespondAsync(204);
    }

    private static Outcome<AttestationRequest> Check(Call call, WireAttestationRequest body)
    {
        var faults = new Faults();
        var country = faults.Take(CountryCode.ParseKnown(body.Country, EnhancedNames.Country));
        var language = faults.Take(LanguageTag.Parse(body.Language, EnhancedNames.Language));
        var company = faults.Take(CompanyName.Parse(body.CompanyName, EnhancedNames.CompanyName));
        var first = faults.Take(PersonName.Parse(body.FirstName, EnhancedNames.FirstName));
        var last = faults.Take(PersonName.Parse(body.LastName, EnhancedNames.LastName));
        var email = faults.Take(EmailAddress.Parse(body.Email, EnhancedNames.Email));
        var phone = faults.Take(PhoneNumber.ParseOptional(body.PhoneNumber, EnhancedNames.PhoneNumber));
        var customer = faults.Take(CustomerOf(body.CustomerTenantId));
        var assurance = faults.Take(AssuranceOf(body.MinimumAssurance));
        return faults.None
            ? new AttestationRequest(
                country!, language!, company!, new Contact(first!, last!, email!, phone is "" ? null : phone),
                customer.Value, assurance, call.Http.Connection.RemoteIpAddress?.ToString())
            {
                UserAgent = call.Http.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent : null,
            }
            : faults.ToProblem();
    }

    private static Outcome<Given<CustomerId?>> CustomerOf(string? text) => string.IsNullOrEmpty(text)
        ? new Given<CustomerId?>(null)
        : Guids.TryParse(text, out var id)
            ? new Given<CustomerId?>(new CustomerId(id))
            : new Problem(ProblemCode.InvalidInput, "The customer is named by its tenant id, a GUID.", EnhancedNames.CustomerTenantId);

    private static Outcome<Assurance> AssuranceOf(string? word) => string.IsNullOrEmpty(word)
        ? Assurance.Link
        : AssuranceWords.TryParse(word, out var assurance)
            ? assurance
            : new Problem(ProblemCode.UnknownEnumWord, $"minimumAssurance is {string.Join(", ", AssuranceWords.All)}.", EnhancedNames.MinimumAssurance);

    private static WireAttestation ToWire(Call call, OpenedAttestation opened)
    {
        var attestation = opened.Attestation;
        return new WireAttestation
        {
            AttestationId = attestation.Id.ToString(),
            AttestationUrl = EnhancedNames.Url(call.Parts.PublicUrl, attestation.Id),
            Status = EnhancedNames.StatusOf(attestation.StateAt(call.Parts.Context.PolicyNow(call.Partner.Environment))),
            ExpiresAt = LedgerEntry.Instant(attestation.ExpiresAt),
            Country = attestation.Country,
            Language = attestation.Language,
            CompanyName = opened.Company,
            FirstName = opened.Contact?.FirstName,
            LastName = opened.Contact?.LastName,
            Email = opened.Contact?.Email,
            PhoneNumber = opened.Contact?.PhoneNumber,
            CustomerTenantId = attestation.Customer?.ToString(),
            MinimumAssurance = attestation.MinimumAssurance.Word(),
        };
    }
}
