using System.Text.Json;
using Concordat.Core;
using Concordat.Core.Commerce;

namespace Concordat.Server.Storage;

/// <summary>A migration and whose it is.</summary>
internal sealed record MigrationRow(CustomerId Customer, Migration Migration);

/// <summary>Migrations to new commerce.</summary>
internal static class MigrationRows
{
    private static readonly Insert Into = new("migrations", "partner_id bytea, customer_id bytea, migration_id bytea, body text");

    public static ValueTask AddAsync(Tx tx, PartnerId partner, CustomerId customer, Migration migration) =>
        tx.InsertAsync(Into, partner.Value, customer.Value, migration.Id, ToText(migration));

    public static ValueTask<Migration?> FindAsync(Tx tx, PartnerId partner, CustomerId customer, Guid migration) => tx.OneAsync(
        "SELECT body FROM migrations WHERE partner_id = $1 AND customer_id = $2 AND migration_id = $3", row => FromText(row.Text(0)),
        partner.Value, customer.Value, migration);

    /// <summary>A stretch of the partner's migrations in order of customer and id, of one customer or of all.</summary>
    public static ValueTask<List<MigrationRow>> AfterAsync(Tx tx, PartnerId partner, CustomerId? only, MigrationPlace after, int most) => tx.ManyAsync(
        $"""
        SELECT customer_id, body FROM migrations WHERE partner_id = $1 AND (customer_id, migration_id) > ($2, $3)
        {(only is null ? "" : "AND customer_id = $5")} ORDER BY customer_id, migration_id LIMIT $4
        """,
        row => new MigrationRow(new CustomerId(row.Id(0)), FromText(row.Text(1))), MigrationPlace.Args(partner, only, after, most));

    public static string ToText(Migration migration) => JsonSerializer.Serialize(migration, CommerceJson.Default.Migration);

    public static Migration FromText(string text) => JsonSerializer.Deserialize(text, CommerceJson.Default.Migration)!;
}
