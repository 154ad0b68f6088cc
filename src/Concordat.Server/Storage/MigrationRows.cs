using System.Text.Json;
using Concordat.Core;
using Concordat.Core.Commerce;

namespace Concordat.Server.Storage;

/// <summary>Migrations to new commerce.</summary>
internal static class MigrationRows
{
    private static readonly Insert Into = new("migrations", "partner_id bytea, customer_id bytea, migration_id bytea, body text");

    public static ValueTask AddAsync(Tx tx, PartnerId partner, CustomerId customer, Migration migration) =>
        tx.InsertAsync(Into, partner.Value, customer.Value, migration.Id, ToText(migration));

    public static ValueTask<Migration?> FindAsync(Tx tx, PartnerId partner, CustomerId customer, Guid migration) => tx.OneAsync(
        "SELECT body FROM migrations WHERE partner_id = $1 AND customer_id = $2 AND migration_id = $3", row => FromText(row.Text(0)),
        partner.Value, customer.Value, migration);

    public static string ToText(Migration migration) => JsonSerializer.Serialize(migration, CommerceJson.Default.Migration);

    public static Migration FromText(string text) => JsonSerializer.Deserialize(text, CommerceJson.Default.Migration)!;
}
