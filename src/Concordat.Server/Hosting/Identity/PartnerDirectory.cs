using System.Collections.Frozen;
using Concordat.Core;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Hosting.Identity;

/// <summary>The three kinds of partner tenant.</summary>
internal enum PartnerKind
{
    DirectBill,
    IndirectProvider,
    IndirectReseller,
}

/// <summary>A partner as every call sees it.</summary>
internal sealed record Partner(
    PartnerId Id, PartnerKind Kind, string Name, string Domain, string Country, PartnerEnvironment Environment, string MpnId,
    PartnerId? Provider, bool MpaSigned, Switches Switches)
{
    /// <summary>Where the acceptance page may be embedded: exact origins.</summary>
    public IReadOnlyList<string> EmbeddingOrigins { get; init; } = [];

    /// <summary>Resellers hand facts over, they never attest and do not buy from Microsoft.</summary>
    public bool MayAttest => Kind != PartnerKind.IndirectReseller;
}

/// <summary>
/// Partners and people in memory, read on every call so that a removed role or a closed account takes effect at once on
/// this node, and within <see cref="RefreshEvery"/> on the others.
/// </summary>
internal sealed class PartnerDirectory(Database database)
{
    public static readonly TimeSpan RefreshEvery = TimeSpan.FromMinutes(1);

    private readonly Lock sync = new();
    private int begun;
    private int shown;
    private FrozenDictionary<PartnerId, Partner> partners = FrozenDictionary<PartnerId, Partner>.Empty;
    private FrozenDictionary<(PartnerId, Guid), PersonRow> people = FrozenDictionary<(PartnerId, Guid), PersonRow>.Empty;

    /// <summary>The active partner with that tenant id, or null.</summary>
    public Partner? Find(PartnerId id) => partners.GetValueOrDefault(id);

    /// <summary>Every active partner.</summary>
    public IEnumerable<Partner> All => partners.Values;

    /// <summary>The partner with that MPN id, or null.</summary>
    public Partner? FindByMpn(string mpnId) => partners.Values.FirstOrDefault(partner => partner.MpnId == mpnId);

    /// <summary>
    /// The roles a caller has now: those of the token, less what the directory took away. A person that the directory does
    /// not list keeps the token's roles, because production people live in Entra ID.
    /// </summary>
    public Roles RolesOf(Caller caller) => RolesOf(caller.Tenant, caller.Subject, caller.Roles);

    /// <summary>As above, for the roles that a sign-in gave a person.</summary>
    public Roles RolesOf(PartnerId partner, Guid subject, Roles given) =>
        people.TryGetValue((partner, subject), out var person)
            ? person.Active ? given & (Roles)person.Roles : Roles.None
            : given;

    /// <summary>Reads everything anew.</summary>
    public async Task RefreshAsync()
    {
        var turn = Interlocked.Increment(ref begun);
        var (rows, persons) = await database.ReadEverythingAsync(async tx =>
            (await PartnerRows.AllAsync(tx), await PartnerRows.PeopleAsync(tx)));
        lock (sync)
        {
            // What was read earlier must not take the place of what was read later.
            if (turn > shown)
            {
                shown = turn;
                partners = rows.Where(row => row.Active).Select(ToPartner).ToFrozenDictionary(partner => partner.Id);
                people = persons.ToFrozenDictionary(person => (person.Partner, person.Person));
            }
        }
    }

    private static Partner ToPartner(PartnerRow row) => new(
        row.Id,
        row.Kind switch
        {
            "direct-bill" => PartnerKind.DirectBill,
            "indirect-provider" => PartnerKind.IndirectProvider,
            _ => PartnerKind.IndirectReseller,
        },
        row.Name, row.Domain, row.Country, row.Environment == "sandbox" ? PartnerEnvironment.Sandbox : PartnerEnvironment.Production,
        row.MpnId, row.Provider, row.MpaSigned, PartnerSwitches.Of(row.Profile, row.Switches))
    {
        EmbeddingOrigins = row.EmbeddingOrigins.Split(' ', StringSplitOptions.RemoveEmptyEntries),
    };
}
