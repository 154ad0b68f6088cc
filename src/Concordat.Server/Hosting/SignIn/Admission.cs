using Concordat.Core;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Storage;

namespace Concordat.Server.Hosting.SignIn;

/// <summary>Why a sign-in came to nothing. Pages have a text for each.</summary>
internal enum SignInFault
{
    /// <summary>Begun too long ago, in another browser, or finished already.</summary>
    Stale,
    /// <summary>The person turned back at the issuer, or the issuer turned them away.</summary>
    Denied,
    /// <summary>The issuer's answer does not hold.</summary>
    Invalid,
    /// <summary>The issuer cannot be reached.</summary>
    Unavailable,
    /// <summary>The tenant is neither a partner nor a customer.</summary>
    UnknownTenant,
    /// <summary>The tenant is known, but gave the person no role.</summary>
    NoRole,
    /// <summary>A guest of a customer's tenant.</summary>
    Guest,
    /// <summary>No second factor was used where one is needed.</summary>
    SecondFactor,
    /// <summary>A step-up was passed by another person.</summary>
    OtherPerson,
}

/// <summary>Who of those whom the issuer vouches for is let in.</summary>
internal sealed class Admission(PartnerDirectory directory, Database database)
{
    /// <summary>
    /// The side that the person is of, with the roles they have there; or the fault. People with a role at a partner are the
    /// partner's, even if the partner is a customer, too.
    /// </summary>
    public async ValueTask<(TenantKind Kind, Identified Person, SignInFault? Fault)> DecideAsync(Identified person)
    {
        var partner = directory.Find(new PartnerId(person.Tenant));
        var roles = partner is null ? Roles.None : Sessions.StaffRoles(partner, person.Person, person.Roles, directory);
        if (partner is not null && roles != Roles.None)
        {
            // As the sign-in gave them: what the directory takes away is looked up on each request.
            return (TenantKind.Partner, person with { Roles = person.Roles & Roles.PartnerStaff },
                partner.Switches.MfaRequired && !person.Mfa ? SignInFault.SecondFactor : null);
        }

        if (!await database.ReadSharedAsync(tx => CustomerRows.IsKnownAsync(tx, new CustomerId(person.Tenant))))
        {
            return (TenantKind.Partner, person, partner is null ? SignInFault.UnknownTenant : SignInFault.NoRole);
        }

        var signers = person.Roles & Roles.CustomerSigners;
        return (TenantKind.Customer, person with { Roles = signers == Roles.None ? Roles.CustomerUser : signers },
            person.Guest ? SignInFault.Guest : null);
    }
}
