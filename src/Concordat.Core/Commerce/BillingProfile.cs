using Concordat.Core.Fields;

namespace Concordat.Core.Commerce;

/// <summary>Who is billed. Personal data: stored sealed as one subject, never in another row.</summary>
/// <param name="FirstName">Billing contact.</param>
/// <param name="LastName">Billing contact.</param>
/// <param name="Email">Billing contact.</param>
/// <param name="Culture">Such as <c>ja-JP</c>.</param>
/// <param name="Language">Such as <c>ja</c>.</param>
/// <param name="CompanyName">The bill-to name; may differ from the tenant's.</param>
/// <param name="DefaultAddress">Where the invoice goes.</param>
public sealed record BillingProfile(
    string? FirstName, string? LastName, string? Email, string? Culture, string? Language, string CompanyName, PostalAddress DefaultAddress)
{
    /// <summary>The organisation's number in the countries that demand one; null elsewhere.</summary>
    public string? RegistrationNumber { get; init; }

    /// <summary>Without the person, so that no log line can carry one.</summary>
    public override string ToString() => "BillingProfile";
}
