using System.Text;
using System.Text.Json;
using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Sandbox;

/// <summary>
/// Writes <c>sandbox.json</c>, which storefront tests read: addresses, partners with ready tokens, resellers, customers by
/// scenario. Tokens are minted anew at each start and live for a year; they are worth nothing outside this sandbox.
/// </summary>
internal sealed class SandboxFile(TokenIssuer issuer, string baseUrl, string? storefrontUrl)
{
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromDays(365);

    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The file's text.</summary>
    public string ToText()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteStartObject();
            json.WriteString("baseUrl", baseUrl);
            json.WriteString("controlUrl", $"{baseUrl}/sandbox");
            json.WriteString("storefrontUrl", storefrontUrl);
            Write(json, "partners", SeedPlan.Partners.Where(partner => partner.Kind != "indirect-reseller"), WritePartner);
            Write(json, "resellers", SeedPlan.Partners.Where(partner => partner.Kind == "indirect-reseller"), WriteReseller);
            Write(json, "customers", SeedPlan.Customers, WriteCustomer);
            Write(json, "attestations", SeedPlan.Attestations, WriteAttestation);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    /// <summary>A token of a seeded person.</summary>
    public string TokenOf(SeedPartner partner, string userName, Roles roles)
    {
        var person = SeedPlan.PersonOf(partner, userName, roles);
        return issuer.Mint(new Caller(partner.Id, person.Oid, SeedPlan.AppOf(partner).AppId, CallerKind.AppPlusUser, roles, Mfa: true), TokenLifetime);
    }

    private string AppTokenOf(SeedPartner partner)
    {
        var app = SeedPlan.AppOf(partner);
        return issuer.Mint(new Caller(partner.Id, app.Oid, app.AppId, CallerKind.AppOnly, Roles.Application, Mfa: false), TokenLifetime);
    }

    private void WritePartner(Utf8JsonWriter json, SeedPartner partner)
    {
        json.WriteString("tenantId", partner.Id.ToString());
        json.WriteString("kind", partner.Kind);
        json.WriteString("name", partner.Name);
        json.WriteString("environment", partner.Environment);
        json.WriteString("domain", partner.Domain);
        json.WriteString("mpnId", partner.MpnId);
        json.WriteString("appId", SeedPlan.AppOf(partner).AppId.ToString("D"));
        json.WriteStartObject("tokens");
        json.WriteString("adminAgent", TokenOf(partner, "admin", Roles.AdminAgent));
        json.WriteString("salesAgent", TokenOf(partner, "sales", Roles.SalesAgent));
        json.WriteString("helpdesk", TokenOf(partner, "helpdesk", Roles.HelpdeskAgent));
        json.WriteString("app", AppTokenOf(partner));
        json.WriteEndObject();
    }

    private void WriteReseller(Utf8JsonWriter json, SeedPartner reseller)
    {
        json.WriteString("tenantId", reseller.Id.ToString());
        json.WriteString("providerTenantId", SeedIds.Of("partner", reseller.Provider!).ToString("D"));
        json.WriteString("name", reseller.Name);
        json.WriteString("mpnId", reseller.MpnId);
        json.WriteStartObject("tokens");
        json.WriteString("user", TokenOf(reseller, "user", Roles.ResellerUser));
        json.WriteEndObject();
    }

    private static void WriteCustomer(Utf8JsonWriter json, SeedCustomer customer)
    {
        json.WriteString("id", customer.Id.ToString());
        json.WriteString("name", customer.Name);
        json.WriteString("scenario", customer.Scenario);
        json.WriteString("partnerTenantId", SeedIds.Of("partner", customer.Partner).ToString("D"));
        json.WriteString("domain", customer.Domain);
    }

    private void WriteAttestation(Utf8JsonWriter json, SeedAttestation attestation)
    {
        json.WriteString("id", attestation.Id.ToString());
        json.WriteString("url", $"{baseUrl}/mca/?attestationid={attestation.Id}");
        json.WriteString("state", attestation.State.ToString().ToLowerInvariant());
        json.WriteString("customerId", attestation.Customer.Id.ToString());
        json.WriteString("partnerTenantId", SeedIds.Of("partner", attestation.Customer.Partner).ToString("D"));
    }

    private static void Write<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
