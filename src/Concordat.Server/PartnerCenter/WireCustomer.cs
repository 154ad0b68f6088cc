using System.Text.Json.Serialization;
using Concordat.Core.Commerce;
using Concordat.Core.Fields;
using Concordat.Server.Storage;

namespace Concordat.Server.PartnerCenter;

internal sealed record WireCustomer
{
    public required string Id { get; init; }

    public string? CommerceId { get; init; }

    public required WireCompanyProfile CompanyProfile { get; init; }

    public WireBillingProfile? BillingProfile { get; init; }

    public required string RelationshipToPartner { get; init; }

    public bool? AllowDelegatedAccess { get; init; }

    public WireCredentials? UserCredentials { get; init; }

    public IReadOnlyList<string>? CustomDomains { get; init; }

    public string? AssociatedPartnerId { get; init; }

    public WireLinks? Links { get; init; }

    public WireAttributes Attributes { get; init; } = new("Customer");
}

internal sealed record WireCredentials(string UserName, string Password);

internal sealed record WireCompanyProfile
{
    public string? TenantId { get; init; }

    public string? Domain { get; init; }

    public string? CompanyName { get; init; }

    public string? OrganizationRegistrationNumber { get; init; }

    public PostalAddress? Address { get; init; }

    public string? Email { get; init; }

    public WireLinks? Links { get; init; }

    public WireAttributes? Attributes { get; init; }
}

/// <summary>A billing profile in both directions; what a client must not decide (id, links, attributes) is not taken over.</summary>
internal sealed record WireBillingProfile
{
    public string? Id { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string? Email { get; init; }

    public string? Culture { get; init; }

    public string? Language { get; init; }

    public string? CompanyName { get; init; }

    public PostalAddress? DefaultAddress { get; init; }

    public WireLinks? Links { get; init; }

    public WireAttributes? Attributes { get; init; }
}

/// <summary>What is read of the body that adds a customer.</summary>
internal sealed record WireNewCustomer(WireNewCompany? CompanyProfile, WireBillingProfile? BillingProfile, string? AssociatedPartnerId);

internal sealed record WireNewCompany(string? Domain, string? CompanyName, string? OrganizationRegistrationNumber);

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WireCollection<WireCustomer>))]
[JsonSerializable(typeof(WireNewCustomer))]
internal sealed partial class CustomerJson : JsonSerializerContext;

/// <summary>Builds what the wire shows of a customer.</summary>
internal static class WireCustomers
{
    /// <summary>As an item of a list: no billing profile, no commerce id.</summary>
    public static WireCustomer ToItem(CustomerRow row) => new()
    {
        Id = row.Id.ToString(),
        CompanyProfile = ToCompany(row) with { CompanyName = row.CompanyName },
        RelationshipToPartner = row.Relationship,
        Links = new WireLinks(new WireLink($"/customers/{row.Id}")),
    };

    /// <summary>As a resource of its own.</summary>
    public static WireCustomer ToWire(CustomerRow row, BillingProfile? billing) => ToItem(row) with
    {
        CommerceId = row.CommerceId.ToString("D"),
        BillingProfile = ToBilling(row, billing),
        AllowDelegatedAccess = true,
        CustomDomains = [row.Domain],
        AssociatedPartnerId = row.Reseller?.ToString(),
    };

    /// <summary>The tenant's own profile: its name does not follow the bill-to name.</summary>
    public static WireCompanyProfile ToCompany(CustomerRow row) => new()
    {
        TenantId = row.Id.ToString(),
        Domain = row.Domain,
        CompanyName = row.TenantName,
        Links = new WireLinks(new WireLink($"/customers/{row.Id}/profiles/company")),
        Attributes = new WireAttributes("CustomerCompanyProfile"),
    };

    /// <summary>The billing profile with its version.</summary>
    public static WireBillingProfile ToBilling(CustomerRow row, BillingProfile? billing) => new()
    {
        Id = row.CommerceId.ToString("D"),
        FirstName = billing?.FirstName,
        LastName = billing?.LastName,
        Email = billing?.Email,
        Culture = billing?.Culture,
        Language = billing?.Language,
        CompanyName = row.CompanyName,
        DefaultAddress = billing?.DefaultAddress,
        Links = new WireLinks(new WireLink($"/customers/{row.Id}/profiles/billing")),
        Attributes = new WireAttributes("CustomerBillingProfile", EntityTag.Of(row.Etag)),
    };
}
