using System.Data.Common;
using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>What a customer accepted itself. The last five are null where it did not accept on a page of ours.</summary>
/// <param name="No">1 for the customer's first.</param>
/// <param name="Version">Of the agreement.</param>
/// <param name="At">When it accepted, policy clock; recorded in the same instant.</param>
/// <param name="Entry">The ledger entry.</param>
/// <param name="Disclosures">What opens the entry's digests that are about no person, one to a line.</param>
internal sealed record DirectAcceptanceRow(long No, byte Version, DateTimeOffset At, EntryId Entry, string Disclosures)
{
    /// <summary>Who; a row of <c>direct_signers</c>.</summary>
    public Guid? Signer { get; init; }

    /// <summary>In which role they accepted: <c>globalAdministrator</c>, <c>billingOwner</c>.</summary>
    public string? Role { get; init; }

    /// <summary>Of the text that was shown, as the next two.</summary>
    public string? Country { get; init; }

    public string? Language { get; init; }

    public byte[]? TextSha256 { get; init; }
}

/// <summary>What customers accepted themselves.</summary>
internal static class DirectAcceptanceRows
{
    private static readonly Insert Into = new("direct_acceptances",
        "customer_id bytea, acceptance_no bigint, version bigint, accepted_at_unix_ms bigint, recorded_at_unix_ms bigint, entry_id bytea, disclosures text, signer_id bytea, role text, country text, language text, text_sha256 bytea");

    private static readonly Insert IntoSigners = new("direct_signers",
        "customer_id bytea, signer_id bytea, wrapped_key bytea, sealed bytea, created_at_unix_ms bigint");

    /// <summary>The customer's latest; null when it never accepted.</summary>
    public static ValueTask<DirectAcceptanceRow?> LatestAsync(Tx tx, CustomerId customer) => tx.OneAsync("""
        SELECT acceptance_no, version, accepted_at_unix_ms, entry_id, disclosures, signer_id, role, country, language, text_sha256
        FROM direct_acceptances WHERE customer_id = $1 ORDER BY acceptance_no DESC LIMIT 1
        """, Map, customer.Value);

    public static async ValueTask AddAsync(Tx tx, CustomerId customer, DirectAcceptanceRow row)
    {
        var at = row.At.ToUnixTimeMilliseconds();
        await tx.InsertAsync(Into, customer.Value, row.No, row.Version, at, at, row.Entry.Value, row.Disclosures,
            row.Signer, row.Role, row.Country, row.Language, row.TextSha256);
        await tx.ExecuteAsync(
            "UPDATE customers SET direct_version = $2, direct_at_unix_ms = $3, direct_entry_id = $4 WHERE customer_id = $1",
            customer.Value, row.Version, at, row.Entry.Value);
    }

    public static ValueTask AddSignerAsync(Tx tx, CustomerId customer, Guid signer, byte[] wrappedKey, byte[] box, DateTimeOffset now) =>
        tx.InsertAsync(IntoSigners, customer.Value, signer, wrappedKey, box, now.ToUnixTimeMilliseconds());

    /// <summary>Wrapped key and sealed disclosures; null once erased.</summary>
    public static ValueTask<SealedSigner?> SignerAsync(Tx tx, CustomerId customer, Guid signer) => tx.OneAsync(
        "SELECT wrapped_key, sealed FROM direct_signers WHERE customer_id = $1 AND signer_id = $2",
        row => new SealedSigner(row.Bytes(0), row.Bytes(1)), customer.Value, signer);

    private static DirectAcceptanceRow Map(DbDataReader row) => new(
        row.Long(0), (byte)row.Long(1), DateTimeOffset.FromUnixTimeMilliseconds(row.Long(2)), new EntryId(row.Id(3)), row.Text(4))
    {
        Signer = row.IdOrNull(5),
        Role = row.TextOrNull(6),
        Country = row.TextOrNull(7),
        Language = row.TextOrNull(8),
        TextSha256 = row.IsDBNull(9) ? null : row.Bytes(9),
    };
}

/// <summary>The person behind a direct acceptance, sealed.</summary>
internal sealed record SealedSigner(byte[] WrappedKey, byte[] Sealed);
