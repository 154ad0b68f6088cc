using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>A link to a signatory's own page: whose it is, and about which record.</summary>
internal sealed record SignatoryLinkRow(PartnerId Partner, CustomerId Customer, SubjectId Subject, Guid Reference, Guid Mail, DateTimeOffset Created);

/// <summary>Links as they are stored: by the SHA-256 of their random part, which stands in the mail alone.</summary>
internal static class SignatoryLinkRows
{
    private static readonly Insert Into = new("signatory_links",
        "partner_id bytea, token_hash bytea, customer_id bytea, subject_id bytea, reference_id bytea, outbox_id bytea, created_at_unix_ms bigint");

    public static ValueTask AddAsync(Tx tx, byte[] tokenHash, SignatoryLinkRow row) => tx.InsertAsync(Into,
        row.Partner.Value, tokenHash, row.Customer.Value, row.Subject.Value, row.Reference, row.Mail, row.Created.ToUnixTimeMilliseconds());

    public static ValueTask<SignatoryLinkRow?> FindAsync(Tx tx, PartnerId partner, byte[] tokenHash) => tx.OneAsync("""
        SELECT customer_id, subject_id, reference_id, outbox_id, created_at_unix_ms FROM signatory_links
        WHERE partner_id = $1 AND token_hash = $2
        """, row => new SignatoryLinkRow(partner, new CustomerId(row.Id(0)), new SubjectId(row.Id(1)), row.Id(2), row.Id(3),
            DateTimeOffset.FromUnixTimeMilliseconds(row.Long(4))), partner.Value, tokenHash);
}
