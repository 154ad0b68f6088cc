using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>A partner as stored; profile and switches are texts that Core/Policy understands.</summary>
internal sealed record PartnerRow(
    PartnerId Id, string Kind, string Name, string Domain, string Country, string Environment, string MpnId, PartnerId? Provider,
    bool MpaSigned, bool Active, string Profile, string Switches)
{
    /// <summary>Where the acceptance page may be embedded: exact origins between blanks.</summary>
    public string EmbeddingOrigins { get; init; } = "";
}

/// <summary>A person of a partner, by object id.</summary>
internal sealed record PersonRow(PartnerId Partner, Guid Person, long Roles, bool Active);

/// <summary>Partners and their people; small tables, read whole.</summary>
internal static class PartnerRows
{
    private static readonly Insert IntoPartners = new("partners",
        "partner_id bytea, kind text, name text, domain text, country text, environment text, mpn_id text, provider_id bytea, mpa_signed bigint, active bigint, profile text, switches text, embedding_origins text",
        """
        ON CONFLICT (partner_id) DO UPDATE SET kind = excluded.kind, name = excluded.name, domain = excluded.domain,
        country = excluded.country, environment = excluded.environment, mpn_id = excluded.mpn_id, provider_id = excluded.provider_id,
        mpa_signed = excluded.mpa_signed, active = excluded.active, profile = excluded.profile, switches = excluded.switches,
        embedding_origins = excluded.embedding_origins
        """);

    private static readonly Insert IntoPeople = new("people", "partner_id bytea, person_id bytea, roles bigint, active bigint",
        "ON CONFLICT (partner_id, person_id) DO UPDATE SET roles = excluded.roles, active = excluded.active");

    private const string Select =
        "SELECT partner_id, kind, name, domain, country, environment, mpn_id, provider_id, mpa_signed, active, profile, switches, embedding_origins FROM partners";

    public static ValueTask<List<PartnerRow>> AllAsync(Tx tx) => tx.ManyAsync(Select, Map);

    /// <summary>The partner, active or not; null when there is none.</summary>
    public static ValueTask<PartnerRow?> FindAsync(Tx tx, PartnerId partner) => tx.OneAsync(Select + " WHERE partner_id = $1", Map, partner.Value);

    public static ValueTask<List<PersonRow>> PeopleAsync(Tx tx) => tx.ManyAsync(
        "SELECT partner_id, person_id, roles, active FROM people",
        row => new PersonRow(new PartnerId(row.Id(0)), row.Id(1), row.Long(2), row.Flag(3)));

    public static ValueTask SaveAsync(Tx tx, PartnerRow row) => tx.InsertAsync(IntoPartners, row.Id.Value, row.Kind, row.Name, row.Domain,
        row.Country, row.Environment, row.MpnId, row.Provider?.Value, row.MpaSigned, row.Active, row.Profile, row.Switches, row.EmbeddingOrigins);

    public static ValueTask SaveAsync(Tx tx, PersonRow row) =>
        tx.InsertAsync(IntoPeople, row.Partner.Value, row.Person, row.Roles, row.Active);

    private static PartnerRow Map(System.Data.Common.DbDataReader row) => new(
        new PartnerId(row.Id(0)), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6),
        row.IdOrNull(7) is { } provider ? new PartnerId(provider) : null, row.Flag(8), row.Flag(9), row.Text(10), row.Text(11))
    {
        EmbeddingOrigins = row.Text(12),
    };
}
