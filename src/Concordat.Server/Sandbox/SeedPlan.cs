using System.Security.Cryptography;
using System.Text;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Sandbox;

/// <summary>A partner of the sandbox.</summary>
internal sealed record SeedPartner(string Key, string Kind, string Name, string Domain, string Country, string Environment, string MpnId, string? Provider = null)
{
    public PartnerId Id => new(SeedIds.Of("partner", Key));
}

/// <summary>A customer of the sandbox, in one of the named scenarios, owned by the partner with that key.</summary>
internal sealed record SeedCustomer(string Key, string Partner, string Scenario, string Name, string Country, string Language, string? Reseller = null)
{
    public CustomerId Id => new(SeedIds.Of("customer", Key));

    public string Domain => $"{Key}.onmicrosoft.example";
}

/// <summary>An enhanced attestation of the sandbox, in that state.</summary>
internal sealed record SeedAttestation(AttestationState State, string CustomerKey)
{
    public AttestationId Id => new(SeedIds.Of("attestation", $"{CustomerKey}/{State}"));

    public SeedCustomer Customer => SeedPlan.Customers.First(customer => customer.Key == CustomerKey);
}

/// <summary>Ids that stay the same for ever: derived from the name, shaped as version 8 UUIDs.</summary>
internal static class SeedIds
{
    public static Guid Of(string kind, string key)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"concordat sandbox/{kind}/{key}")).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}

/// <summary>Who and what the sandbox starts with. Companies and people are invented.</summary>
internal static class SeedPlan
{
    public static readonly IReadOnlyList<SeedPartner> Partners =
    [
        new("aozora", "direct-bill", "青空クラウド株式会社 (Aozora Cloud)", "aozora-cloud.example", "JP", "production", "4100001"),
        new("harbor", "direct-bill", "Harbor Light IT", "harborlight.example", "US", "sandbox", "4100002"),
        new("kaede", "indirect-provider", "楓ディストリビューション (Kaede Distribution)", "kaede.example", "JP", "production", "4100003"),
        new("sakura", "indirect-reseller", "さくらシステムズ (Sakura Systems)", "sakura-systems.example", "JP", "production", "4200001", "kaede"),
        new("finch", "indirect-reseller", "Blue Finch Office", "bluefinch.example", "GB", "production", "4200002", "kaede"),
        new("minato", "indirect-reseller", "みなとオフィス (Minato Office)", "minato-office.example", "JP", "production", "4200003", "kaede"),
    ];

    /// <summary>The first direct-bill partner owns one of every scenario.</summary>
    public static readonly IReadOnlyList<SeedCustomer> Customers =
    [
        new("hinode", "aozora", "never", "ひので商店", "JP", "ja"),
        new("kawasemi", "aozora", "cloud-agreement-only", "かわせみ出版", "JP", "ja"),
        new("tsubame", "aozora", "attested-stale", "つばめ運輸株式会社", "JP", "ja"),
        new("yamabuki", "aozora", "attested-current", "山吹製作所", "JP", "ja"),
        new("orchard", "aozora", "direct", "Orchard Lane Bakery", "GB", "en"),
        new("redkite", "aozora", "direct-and-attested", "Red Kite Surveys", "US", "en"),
        new("twinrivers", "aozora", "two-partners", "Twin Rivers Clinic", "US", "en"),
        new("fortmoss", "aozora", "national-cloud", "Fort Moss County Office", "US", "en"),
        new("gingko", "aozora", "refused", "銀杏法律事務所", "JP", "ja"),
        new("larkspur", "harbor", "never", "Larkspur Design", "US", "en"),
        new("bramble", "harbor", "attested-stale", "Bramble & Sons", "US", "en"),
        new("saltmarsh", "harbor", "attested-current", "Saltmarsh Museum", "US", "en"),
        new("twinrivers", "harbor", "two-partners", "Twin Rivers Clinic", "US", "en"),
        new("hatoba", "kaede", "never", "波止場食堂", "JP", "ja", "sakura"),
        new("mizuki", "kaede", "attested-stale", "みずき歯科", "JP", "ja", "sakura"),
        new("cobalt", "kaede", "attested-current", "Cobalt Freight", "GB", "en", "finch"),
        new("suiren", "kaede", "direct", "睡蓮旅館", "JP", "ja", "minato"),
    ];

    /// <summary>Of the first direct-bill partner.</summary>
    public static readonly IReadOnlyList<SeedAttestation> Attestations =
    [
        new(AttestationState.Pending, "hinode"),
        new(AttestationState.Accepted, "tsubame"),
    ];

    /// <summary>The person of a role; everybody's password is the same and protects nothing.</summary>
    public static SandboxPerson PersonOf(SeedPartner partner, string userName, Roles roles) =>
        new(SeedIds.Of("person", $"{partner.Key}/{userName}"), $"{userName}@{partner.Domain}", "sandbox", roles);

    /// <summary>Customers whose people are known, one per person that matters: who may accept, who else may, who may not.</summary>
    public static readonly IReadOnlyList<string> CustomersWithPeople = ["hinode", "tsubame", "larkspur", "hatoba"];

    /// <summary>A person of a customer.</summary>
    public static SandboxPerson PersonOf(SeedCustomer customer, string userName, Roles roles) =>
        new(SeedIds.Of("customer person", $"{customer.Key}/{userName}"), $"{userName}@{customer.Domain}", "sandbox", roles);

    /// <summary>The tenants of customers, with their people; none has an application.</summary>
    public static IReadOnlyList<SandboxTenant> CustomerTenants { get; } = [.. CustomersWithPeople.Select(key =>
    {
        var customer = Customers.First(known => known.Key == key);
        return new SandboxTenant(customer.Id.Value, customer.Domain,
            [
                PersonOf(customer, "owner", Roles.GlobalAdministrator), PersonOf(customer, "billing", Roles.BillingOwner),
                PersonOf(customer, "staff", Roles.CustomerUser),
            ],
            []);
    })];

    /// <summary>People and applications of every tenant.</summary>
    public static SandboxDirectory Directory { get; } = new([.. CustomerTenants, .. Partners.Select(partner => new SandboxTenant(
        partner.Id.Value, partner.Domain,
        partner.Kind == "indirect-reseller"
            ? [PersonOf(partner, "user", Roles.ResellerUser)]
            :
            [
                PersonOf(partner, "admin", Roles.AdminAgent), PersonOf(partner, "sales", Roles.SalesAgent),
                PersonOf(partner, "helpdesk", Roles.HelpdeskAgent), PersonOf(partner, "auditor", Roles.Auditor),
            ],
        [AppOf(partner)]))]);

    public static SandboxApp AppOf(SeedPartner partner) =>
        new(SeedIds.Of("app", partner.Key), SeedIds.Of("app object", partner.Key), "sandbox-secret");
}
