using System.Data.Common;
using Concordat.Core;
using Concordat.Core.Agreements;

namespace Concordat.Server.Storage;

/// <summary>A fact with what belongs to its record: by which route, who attested, on whose behalf, which ledger entry.</summary>
internal sealed record FactRow(
    long No, AgreementFact Fact, string Method, Guid? Attester, string? Operator, EntryId Entry)
{
    /// <summary>Number of the earlier fact whose signatory this one's resembles; null for none.</summary>
    public long? SimilarTo { get; init; }
}

/// <summary>The facts of (partner, customer) in the order they were recorded; never changed.</summary>
internal static class FactRows
{
    private const string Select = """
        SELECT fact_no, fact_id, kind, agreement_type, version, version_shown, agreed_at_unix_ms, recorded_at_unix_ms, method,
               subject_id, attester_id, operator, supersedes, entry_id, similar_to
        FROM agreement_facts WHERE partner_id = $1 AND customer_id = $2
        """;

    private static readonly Insert Into = new("agreement_facts",
        "partner_id bytea, customer_id bytea, fact_no bigint, fact_id bytea, kind bigint, agreement_type bigint, version bigint, version_shown bigint, agreed_at_unix_ms bigint, recorded_at_unix_ms bigint, method text, subject_id bytea, attester_id bytea, operator text, supersedes bytea, entry_id bytea, similar_to bigint");

    public static PlannedRead<FactRow> PlanOf(PartnerId partner, CustomerId customer) =>
        new(Select + " ORDER BY fact_no", Map, partner.Value, customer.Value);

    public static ValueTask<List<FactRow>> OfAsync(Tx tx, PartnerId partner, CustomerId customer) =>
        tx.ManyAsync(Select + " ORDER BY fact_no", Map, partner.Value, customer.Value);

    public static ValueTask<FactRow?> FindAsync(Tx tx, PartnerId partner, CustomerId customer, long no) =>
        tx.OneAsync(Select + " AND fact_no = $3", Map, partner.Value, customer.Value, no);

    public static ValueTask AddAsync(Tx tx, PartnerId partner, CustomerId customer, FactRow row) => tx.InsertAsync(Into,
        partner.Value, customer.Value, row.No, row.Fact.Id.Value, (long)row.Fact.Kind, (long)row.Fact.Type, (long)row.Fact.Version,
        row.Fact.VersionShown, row.Fact.DateAgreed.ToUnixTimeMilliseconds(), row.Fact.RecordedAt.ToUnixTimeMilliseconds(), row.Method,
        row.Fact.Contact?.Value, row.Attester, row.Operator, row.Fact.Concerns?.Value, row.Entry.Value, row.SimilarTo);

    /// <summary>What the customer itself accepted, as facts that count for every partner.</summary>
    public static ValueTask<List<AgreementFact>> DirectAsync(Tx tx, CustomerId customer) => tx.ManyAsync(
        "SELECT entry_id, version, accepted_at_unix_ms, recorded_at_unix_ms FROM direct_acceptances WHERE customer_id = $1",
        row => new AgreementFact(new FactId(row.Id(0)), FactKind.AcceptedDirectly, AgreementType.MicrosoftCustomerAgreement, Instant(row, 3))
        {
            DateAgreed = Instant(row, 2),
            Version = (byte)row.Long(1),
            VersionShown = true,
        },
        customer.Value);

    private static FactRow Map(DbDataReader row) => new(
        row.Long(0),
        new AgreementFact(new FactId(row.Id(1)), (FactKind)row.Long(2), (AgreementType)row.Long(3), Instant(row, 7))
        {
            DateAgreed = Instant(row, 6),
            Version = (byte)row.Long(4),
            VersionShown = row.Flag(5),
            Contact = row.IdOrNull(9) is { } subject ? new SubjectId(subject) : null,
            Concerns = row.IdOrNull(12) is { } concerns ? new FactId(concerns) : null,
        },
        row.Text(8), row.IdOrNull(10), row.TextOrNull(11), new EntryId(row.Id(13)))
    { SimilarTo = row.LongOrNull(14) };

    private static DateTimeOffset Instant(DbDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.Long(column));
}
