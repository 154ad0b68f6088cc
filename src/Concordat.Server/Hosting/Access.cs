using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Hosting;

/// <summary>
/// Who may make a call. Every route declares one; there is no default. App-only callers act for the partner as a whole,
/// so roles are asked of people only.
/// </summary>
/// <param name="AppOnly">App-only tokens are taken.</param>
/// <param name="User">App+User tokens are taken.</param>
/// <param name="Roles">Any of these roles, for App+User tokens.</param>
/// <param name="Resellers">Indirect resellers may call.</param>
/// <param name="Attests">The call states that a customer accepted: only partners that may attest.</param>
/// <param name="Throttled">Counted against the partner's limits; agreement calls are not in the documented list.</param>
/// <param name="ChangesNothing">A question, whatever its method: nobody has to be named behind it.</param>
internal sealed record Access(
    bool AppOnly, bool User, Roles Roles, bool Resellers, bool Attests = false, bool Throttled = true, bool ChangesNothing = false)
{
    /// <summary>Agreement reads: App+User only, readers of a direct-bill partner or a provider.</summary>
    public static readonly Access ReadAgreements = new(AppOnly: false, User: true, Roles.Readers, Resellers: false, Throttled: false);

    /// <summary>Legacy attestation: App+User only, Admin or Sales agent, never a reseller.</summary>
    public static readonly Access Attest = new(AppOnly: false, User: true, Roles.Agents, Resellers: false, Attests: true, Throttled: false);

    /// <summary>Enhanced attestation: App-only, never a reseller.</summary>
    public static readonly Access AttestAsApp = new(AppOnly: true, User: false, Roles.None, Resellers: false, Attests: true, Throttled: false);

    /// <summary>The create-agreement call, where the body decides which of the two above holds.</summary>
    public static readonly Access AttestEither = Attest with { AppOnly = true };

    /// <summary>Reads open to both kinds of token.</summary>
    public static readonly Access Read = new(AppOnly: true, User: true, Roles.Readers, Resellers: false);

    /// <summary>Questions to our own API.</summary>
    public static readonly Access Ask = Read with { ChangesNothing = true };

    /// <summary>Open to everybody with a token of a known partner.</summary>
    public static readonly Access Anybody = new(AppOnly: true, User: true, Roles.Readers | Roles.ResellerUser, Resellers: true, ChangesNothing: true);

    /// <summary>Reads that take App+User tokens only (company profile, relationships, MPN look-up).</summary>
    public static readonly Access ReadAsUser = new(AppOnly: false, User: true, Roles.Readers | Roles.ResellerUser, Resellers: true);

    /// <summary>Reads about customers and relationships that take App+User tokens only and that resellers have no part in.</summary>
    public static readonly Access ReadCustomersAsUser = new(AppOnly: false, User: true, Roles.Readers, Resellers: false);

    /// <summary>Customers and transactions: both kinds of token, Admin or Sales agent.</summary>
    public static readonly Access Transact = new(AppOnly: true, User: true, Roles.Agents, Resellers: false);
}
