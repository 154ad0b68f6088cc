using System.Text.Json;
using Concordat.Core.Agreements;

namespace Concordat.Server.PartnerCenter;

/// <summary>
/// Everything of the enhanced attestation that Microsoft does not publish: names, words and codes. When one becomes known, it
/// changes here and nowhere else (docs/partner-center.md, U28, lists what is known of them).
/// </summary>
internal static class EnhancedNames
{
    /// <summary>The code of an attestation that cannot be used; no number is known.</summary>
    public const int NotUsableCode = 409;

    /// <summary>Documented.</summary>
    public const string Path = "attestations/enhanced";

    // The body. Country and the two names are documented; the spelling of the others is inferred or ours.
    public const string Country = "country";
    public const string Language = "language";
    public const string CompanyName = "companyName";
    public const string FirstName = "signatoryFirstName";
    public const string LastName = "signatoryLastName";
    public const string Email = "signatoryEmail";
    public const string PhoneNumber = "signatoryPhoneNumber";

    // Ours: not known to exist.
    public const string CustomerTenantId = "customerTenantId";
    public const string MinimumAssurance = "minimumAssurance";

    // The answer; integrators show the first two.
    public const string AttestationId = "attestationId";
    public const string AttestationUrl = "attestationUrl";
    public const string Status = "status";
    public const string ExpiresAt = "expiresAt";

    /// <summary>The page, as integrators were seen to build it.</summary>
    public static string Url(string publicUrl, Core.AttestationId id) => $"{publicUrl}/mca/?attestationid={id}";

    /// <summary>The word of a state; distributors use such words, Microsoft's are not known.</summary>
    public static string StatusOf(AttestationState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());
}
