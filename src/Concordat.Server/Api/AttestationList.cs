using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Api;

/// <summary>One attestation with everything that its partner may know of it.</summary>
internal sealed record AttestationDocument(
    Guid AttestationId, string State, string Country, string Language, string? CompanyName, string? FirstName, string? LastName, string? Email,
    string? PhoneNumber, Guid? CustomerTenantId, string MinimumAssurance, string CreatedAt, string ExpiresAt, string? EndedAt, string? FinalisedAt,
    string? Assurance, IReadOnlyList<string>? SelfAcceptance, string? Reason, Guid? PresentationEntry, Guid? AgreementEntry);

/// <summary>A page, newest first.</summary>
internal sealed record AttestationsDocument(IReadOnlyList<AttestationDocument> Items, string? ContinuationToken);

/// <summary>Which customer declined.</summary>
internal sealed record AttestationCustomer(string? CustomerTenantId);

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AttestationsDocument))]
[JsonSerializable(typeof(AttestationCustomer))]
internal sealed partial class AttestationListJson : JsonSerializerContext;

/// <summary>A partner's enhanced attestations, for shops and the portal, and whom a declined one is about.</summary>
internal static class AttestationList
{
    private const int PageSize = 100;
    private const byte TokenVersion = 1;
    private const int TokenLength = 25;

    private static readonly AttestationPlace Newest = new(long.MaxValue, new AttestationId(Guid.AllBitsSet));

    public static void Map(ApiRoutes routes)
    {
        routes.Get("attestations", Access.Ask, ListAsync,
            new RouteNote("Lists the partner's enhanced attestations, newest first.", Response: typeof(AttestationsDocument))
            {
                Query =
                [
                    new("state", "Only those that are pending, accepted, declined, cancelled, finalised or expired now."),
                    new("continuationToken", "From the page before."),
                ],
            });
        routes.Post("attestations/{attestation}/customer", Access.Transact, LinkAsync,
            new RouteNote("Says which customer declined an attestation: it counts as one that refused.", 204, typeof(AttestationCustomer)));
    }

    private static async Task ListAsync(Call call)
    {
        AttestationState? wanted = null;
        if (call.Query("state") is { } word)
        {
            if (!EnumWords<AttestationState>.TryParse(word, out var state))
            {
                await call.RefuseAsync(new Problem(ProblemCode.UnknownEnumWord, $"state is {string.Join(", ", EnumWords<AttestationState>.All)}.", "state"));
                return;
            }

            wanted = state;
        }

        if (!PlaceOf(call.Query("continuationToken")).TryGetValue(out var after, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var context = call.Parts.Context;
        var now = context.PolicyNow(call.Partner.Environment);
        // Stored times are whole milliseconds: expired are those up to this one.
        var cut = now.AddMilliseconds(1);
        var (stored, from, before) = wanted switch
        {
            AttestationState.Pending => (AttestationState.Pending, cut, DateTimeOffset.MaxValue),
            AttestationState.Expired => (AttestationState.Pending, DateTimeOffset.MinValue, cut),
            _ => (wanted, DateTimeOffset.MinValue, DateTimeOffset.MaxValue),
        };
        var rows = await call.Parts.Database.ReadAsync(
            call.Partner.Id, tx => AttestationRows.PageAsync(tx, call.Partner.Id, after, stored, from, before, PageSize));
        var items = rows.Select(row => ToDocument(Attestations.Open(context.Vault, row), now)).ToArray();
        await call.RespondAsync(200, new AttestationsDocument(items, rows.Count == PageSize ? TokenOf(rows[^1].Attestation) : null),
            AttestationListJson.Default.AttestationsDocument);
    }

    private static async Task LinkAsync(Call call)
    {
        var context = call.Parts.Context;
        if (!call.Id("attestation").TryGetValue(out var id, out var problem)
            || !call.Read(AttestationListJson.Default.AttestationCustomer).TryGetValue(out var body, out problem)
            || !CustomerOf(body).TryGetValue(out var customer, out problem)
            || !(await context.Loop.RunAsync(new LinkAttestation(context, call.Actor, new AttestationId(id), customer))).TryGetValue(out _, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        await call.RespondAsync(204);
    }

    private static Outcome<CustomerId> CustomerOf(AttestationCustomer body) => Guids.TryParse(body.CustomerTenantId, out var id)
        ? new CustomerId(id)
        : new Problem(ProblemCode.InvalidInput, "Name the customer by its tenant id, a GUID.", "customerTenantId");

    private static AttestationDocument ToDocument(OpenedAttestation opened, DateTimeOffset now)
    {
        var (row, attestation, answer) = (opened.Row, opened.Attestation, opened.Row.Answer);
        return new AttestationDocument(
            attestation.Id.Value, EnumWords<AttestationState>.Of(attestation.StateAt(now)), attestation.Country, attestation.Language,
            opened.Company, opened.Contact?.FirstName, opened.Contact?.LastName, opened.Contact?.Email, opened.Contact?.PhoneNumber,
            attestation.Customer?.Value, attestation.MinimumAssurance.Word(), LedgerEntry.Instant(attestation.CreatedAt),
            LedgerEntry.Instant(attestation.ExpiresAt), Text(attestation.EndedAt), Text(attestation.FinalisedAt), answer?.Assurance.Word(),
            answer is null ? null : PresentationEvidence.Words(answer.Flags).Split(' ').Where(word => word != "none").ToArray(),
            opened.Reason, answer?.Entry.Value, row.AcceptedEntry?.Value);
    }

    private static string? Text(DateTimeOffset? at) => at is { } instant ? LedgerEntry.Instant(instant) : null;

    private static string TokenOf(EnhancedAttestation last)
    {
        Span<byte> bytes = stackalloc byte[TokenLength];
        bytes[0] = TokenVersion;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], last.CreatedAt.ToUnixTimeMilliseconds());
        last.Id.Value.TryWriteBytes(bytes[9..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    private static Outcome<AttestationPlace> PlaceOf(string? token)
    {
        if (string.IsNullOrWhiteSpace(token))
        {
            return Newest;
        }

        Span<byte> bytes = stackalloc byte[TokenLength];
        return Base64Url.IsValid(token, out var length) && length == TokenLength
            && Base64Url.TryDecodeFromChars(token, bytes, out _) && bytes[0] == TokenVersion
                ? new AttestationPlace(BinaryPrimitives.ReadInt64BigEndian(bytes[1..]), new AttestationId(new Guid(bytes[9..], bigEndian: true)))
                : new Problem(ProblemCode.InvalidInput, "This is no token of an earlier page.", "continuationToken");
    }
}
