using System.Data.Common;
using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>A request that a customer accepts directly. Times are by the policy clock.</summary>
/// <param name="Id">Random.</param>
/// <param name="Customer">Who is asked.</param>
/// <param name="Recipient">Who gets the mail; null where the partner sends the text itself.</param>
/// <param name="Language">Of the text: <c>en</c>, <c>ja</c>.</param>
/// <param name="Reason">Why, as a word.</param>
/// <param name="RefusedFrom">From when on orders are refused without it; null where that is not known, or is so already.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="OpenedAt">When somebody of the customer had the page on their screen; null until then.</param>
/// <param name="CancelledAt">When the partner took it back; null while it holds.</param>
internal sealed record InvitationRow(
    Guid Id, CustomerId Customer, SubjectId? Recipient, string Language, string Reason, DateTimeOffset? RefusedFrom, DateTimeOffset CreatedAt,
    DateTimeOffset? OpenedAt, DateTimeOffset? CancelledAt);

/// <summary>Invitations of one partner.</summary>
internal static class InvitationRows
{
    private const string Select = """
        SELECT invitation_id, customer_id, subject_id, language, reason, refused_from_unix_ms, created_at_unix_ms, opened_at_unix_ms, cancelled_at_unix_ms
        FROM invitations WHERE partner_id = $1
        """;

    private static readonly Insert Into = new("invitations",
        "partner_id bytea, invitation_id bytea, customer_id bytea, subject_id bytea, language text, reason text, refused_from_unix_ms bigint, created_at_unix_ms bigint");

    public static ValueTask AddAsync(Tx tx, PartnerId partner, InvitationRow row) => tx.InsertAsync(Into,
        partner.Value, row.Id, row.Customer.Value, row.Recipient?.Value, row.Language, row.Reason,
        row.RefusedFrom?.ToUnixTimeMilliseconds(), row.CreatedAt.ToUnixTimeMilliseconds());

    public static ValueTask<InvitationRow?> FindAsync(Tx tx, PartnerId partner, Guid id) =>
        tx.OneAsync(Select + " AND invitation_id = $2", Map, partner.Value, id);

    /// <summary>Oldest first.</summary>
    public static ValueTask<List<InvitationRow>> OfCustomerAsync(Tx tx, PartnerId partner, CustomerId customer) =>
        tx.ManyAsync(Select + " AND customer_id = $2 ORDER BY invitation_id", Map, partner.Value, customer.Value);

    /// <summary>Marks what was not opened yet; answers how many that were.</summary>
    public static ValueTask<int> OpenAsync(Tx tx, PartnerId partner, CustomerId customer, DateTimeOffset now) => tx.ExecuteAsync("""
        UPDATE invitations SET opened_at_unix_ms = $3
        WHERE partner_id = $1 AND customer_id = $2 AND opened_at_unix_ms IS NULL AND cancelled_at_unix_ms IS NULL
        """, partner.Value, customer.Value, now.ToUnixTimeMilliseconds());

    public static ValueTask<int> CancelAsync(Tx tx, PartnerId partner, Guid id, DateTimeOffset now) => tx.ExecuteAsync(
        "UPDATE invitations SET cancelled_at_unix_ms = $3 WHERE partner_id = $1 AND invitation_id = $2 AND cancelled_at_unix_ms IS NULL",
        partner.Value, id, now.ToUnixTimeMilliseconds());

    private static InvitationRow Map(DbDataReader row) => new(
        row.Id(0), new CustomerId(row.Id(1)), row.IdOrNull(2) is { } subject ? new SubjectId(subject) : null, row.Text(3), row.Text(4),
        Instant(row.LongOrNull(5)), Instant(row.Long(6))!.Value, Instant(row.LongOrNull(7)), Instant(row.LongOrNull(8)));

    private static DateTimeOffset? Instant(long? unixMs) => unixMs is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
}
