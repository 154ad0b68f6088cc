using Concordat.Core;

namespace Concordat.Server.Hosting.Identity;

/// <summary>
/// Who calls, as the token says: the tenant, the user (App+User) or only the application (App-only). The state of
/// partner, user and role is read on each call from the partner directory; this record never changes.
/// </summary>
/// <param name="Tenant">The token's <c>tid</c>.</param>
/// <param name="Subject">The user's <c>oid</c> for App+User, the application's object id for App-only.</param>
/// <param name="AppId">The calling application (<c>azp</c> or <c>appid</c>).</param>
/// <param name="Kind">App+User or App-only.</param>
/// <param name="Roles">Roles named in the token.</param>
/// <param name="Mfa">The token proves multi-factor authentication (<c>amr</c> holds <c>mfa</c>).</param>
internal sealed record Caller(PartnerId Tenant, Guid Subject, Guid AppId, CallerKind Kind, Roles Roles, bool Mfa);

/// <summary>Told apart by <c>scp</c> against <c>roles</c> with <c>idtyp=app</c>.</summary>
internal enum CallerKind
{
    AppPlusUser,
    AppOnly,
}

/// <summary>Roles as app roles in the token: AdminAgent, SalesAgent, HelpdeskAgent, ResellerUser, Application, Auditor, BillingOwner.</summary>
[Flags]
internal enum Roles
{
    None = 0,
    AdminAgent = 1,
    SalesAgent = 2,
    HelpdeskAgent = 4,
    ResellerUser = 8,
    /// <summary>An App-only caller that the partner consented to.</summary>
    Application = 16,
    /// <summary>Reads every record and all evidence of a partner, in the portal only.</summary>
    Auditor = 32,
    /// <summary>Of a customer's tenant, as the next two: may accept for the company.</summary>
    GlobalAdministrator = 64,
    /// <summary>May accept for the company, too.</summary>
    BillingOwner = 128,
    /// <summary>Anybody else at the customer.</summary>
    CustomerUser = 256,

    /// <summary>May attest and order.</summary>
    Agents = AdminAgent | SalesAgent,
    /// <summary>May read.</summary>
    Readers = AdminAgent | SalesAgent | HelpdeskAgent,
    /// <summary>What a partner can give its people.</summary>
    PartnerStaff = Readers | ResellerUser | Auditor,
    /// <summary>May accept the agreement for a customer.</summary>
    CustomerSigners = GlobalAdministrator | BillingOwner,
    /// <summary>Everybody at a customer.</summary>
    CustomerPeople = CustomerSigners | CustomerUser,
}
