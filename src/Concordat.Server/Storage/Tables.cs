namespace Concordat.Server.Storage;

/// <summary>
/// Every table of the schema, by who may reach it; a new one is named here. From these lists PostgreSQL gets its row-level
/// security and its grants, and a sandbox reset what it empties.
/// </summary>
internal static class Tables
{
    /// <summary>Key and every query start with <c>partner_id</c>; PostgreSQL shows a partner its own rows only.</summary>
    public static readonly IReadOnlyList<string> OfPartners =
    [
        "partners",
        "people",
        "customer_accounts",
        "customer_resellers",
        "subjects",
        "agreement_facts",
        "standings",
        "disclosures",
        "carts",
        "orders",
        "subscriptions",
        "migrations",
        "transitions",
        "migration_schedules",
        "audit",
        "outbox",
        "mail_attempts",
        "signatory_links",
        "invitations",
        "idempotency",
        "attestations",
        "attestation_codes",
    ];

    /// <summary>Belong to no partner. What a partner reaches of them goes through its account of the customer.</summary>
    public static readonly IReadOnlyList<string> Shared =
    [
        "settings",
        "sessions",
        "customers",
        "direct_acceptances",
        "direct_signers",
        "ledger_entries",
        // Before the ledger's other tables, as the sequencer takes it first.
        "ledger_state",
        "ledger_leaves",
        "ledger_tiles",
        "ledger_checkpoints",
        "ledger_keys",
        "attestation_partners",
        SchemaVersions.Table,
    ];

    /// <summary>Of both lists: what was written stays as it is. The service may add to them and nothing else.</summary>
    public static readonly IReadOnlyList<string> AppendOnly =
    [
        "agreement_facts",
        "direct_acceptances",
        "ledger_entries",
        "ledger_leaves",
        "ledger_tiles",
        "ledger_checkpoints",
        "audit",
    ];
}
