using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Fields;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.PartnerCenter;

/// <summary>The other side of a relationship; <c>mpnId</c> as in Microsoft's example, <c>partnerId</c> as in its table.</summary>
internal sealed record WireRelationship(string Id, string Name, string RelationshipType, string State, string MpnId, string PartnerId, string Location)
{
    public WireAttributes Attributes { get; init; } = new("PartnerRelationship");
}

internal sealed record WireRelationshipRequest(string Url)
{
    public WireAttributes Attributes { get; init; } = new("RelationshipRequest");
}

internal sealed record WireMpnProfile(string MpnId, string PartnerName)
{
    public WireLinks Links { get; init; } = new(new WireLink($"/profiles/mpn?mpnId={MpnId}"));

    public WireAttributes Attributes { get; init; } = new("MpnProfile");
}

internal sealed record WireAgreementSigned(bool IsAgreementSigned);

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WireCollection<WireRelationship>))]
[JsonSerializable(typeof(WireRelationshipRequest))]
[JsonSerializable(typeof(WireMpnProfile))]
[JsonSerializable(typeof(WireAgreementSigned))]
internal sealed partial class RelationshipJson : JsonSerializerContext;

/// <summary>Who works with whom: providers and resellers, resellers of a customer, MPN ids, the partner agreement (MPA).</summary>
internal static class Relationships
{
    private const string ProviderOf = "is_indirect_cloud_solution_provider_of";
    private const string ResellerOf = "is_indirect_reseller_of";

    public static void Map(WireRoutes routes)
    {
        routes.Get("relationships", Access.ReadAsUser, ListAsync,
            new("Lists the partner's relationships with resellers or providers.", Response: typeof(WireCollection<WireRelationship>)));
        routes.Get("customers/{customer}/relationships", Access.ReadCustomersAsUser, OfCustomerAsync,
            new("Lists the resellers of a customer.", Response: typeof(WireCollection<WireRelationship>)));
        routes.Get("customers/relationshiprequests", Access.ReadCustomersAsUser, RequestAsync,
            new("Shows the link by which a customer accepts the partner.", Response: typeof(WireRelationshipRequest)));
        routes.Get("profiles/mpn", Access.ReadAsUser, MpnAsync, new("Looks up a partner by its MPN id.", Response: typeof(WireMpnProfile)));
        routes.Get("compliance/csp/agreementstatus", Access.ReadCustomersAsUser, MpaAsync,
            new("Says whether a partner signed the Microsoft Partner Agreement.", Response: typeof(WireAgreementSigned)));
    }

    private static Task ListAsync(Call call)
    {
        var self = call.Partner;
        var directory = call.Parts.Directory;
        // The query says it in Pascal case, the answer in snake case.
        var items = call.Query("relationship_type")?.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant() switch
        {
            "isindirectcloudsolutionproviderof" => directory.All.Where(partner => partner.Provider == self.Id)
                .OrderBy(partner => partner.MpnId, StringComparer.Ordinal).Select(partner => ToWire(partner, ProviderOf)).ToArray(),
            "isindirectresellerof" => self.Provider is { } id && directory.Find(id) is { } provider ? [ToWire(provider, ResellerOf)] : [],
            _ => null,
        };
        return items is null
            ? call.RefuseAsync(new Problem(ProblemCode.UnknownEnumWord,
                "relationship_type is IsIndirectCloudSolutionProviderOf or IsIndirectResellerOf.", "relationship_type"))
            : RespondAsync(call, items, "/relationships" + call.Http.Request.QueryString.Value);
    }

    private static async Task OfCustomerAsync(Call call)
    {
        if (!call.Customer().TryGetValue(out var customer, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        var (row, resellers) = await call.ReadAsync(async tx => (
            await CustomerRows.FindAsync(tx, call.Partner.Id, customer), await CustomerRows.ResellersOfAsync(tx, call.Partner.Id, customer)));
        if (Relationship.Check(row) is { } absent)
        {
            await call.RefuseAsync(absent);
            return;
        }

        WireRelationship[] items = [.. resellers.Select(call.Parts.Directory.Find).OfType<Partner>().Select(reseller => ToWire(reseller, ProviderOf))];
        await RespondAsync(call, items, $"/customers/{customer}/relationships");
    }

    private static Task RequestAsync(Call call)
    {
        var url = $"{call.Parts.PublicUrl}/AdminPortal/Home?invType=ResellerRelationship&partnerId={call.Partner.Id}&msppId=0&DAP=false"
            + "#/BillingAccounts/partner-invitation";
        return call.RespondAsync(200, new WireRelationshipRequest(url), RelationshipJson.Default.WireRelationshipRequest);
    }

    private static Task MpnAsync(Call call)
    {
        var partner = call.Query("mpnId") is { } id ? call.Parts.Directory.FindByMpn(id) : call.Partner;
        return partner is null
            ? call.RefuseAsync(new Problem(ProblemCode.PartnerProfileNotFound, "No partner has that MPN id.", "mpnId"))
            : call.RespondAsync(200, new WireMpnProfile(partner.MpnId, partner.Name), RelationshipJson.Default.WireMpnProfile);
    }

    private static Task MpaAsync(Call call)
    {
        var (mpn, tenant) = (call.Query("mpnId"), call.Query("tenantId"));
        if ((mpn is null) == (tenant is null) || (mpn is not null && !mpn.All(char.IsAsciiDigit)))
        {
            return call.RefuseAsync(new Problem(ProblemCode.InvalidMpnId, "Give either mpnId, a number, or tenantId.", "mpnId"));
        }

        var id = Guid.Empty;
        if (tenant is not null && !Guids.TryParse(tenant, out id))
        {
            return call.RefuseAsync(new Problem(ProblemCode.InvalidQuery, "tenantId is not a GUID.", "tenantId"));
        }

        var partner = mpn is null ? call.Parts.Directory.Find(new PartnerId(id)) : call.Parts.Directory.FindByMpn(mpn);
        return partner is null
            ? call.RefuseAsync(new Problem(ProblemCode.PartnerProfileNotFound, "There is no such partner.", mpn is null ? "tenantId" : "mpnId"))
            : call.RespondAsync(200, new WireAgreementSigned(partner.MpaSigned), RelationshipJson.Default.WireAgreementSigned);
    }

    private static Task RespondAsync(Call call, WireRelationship[] items, string self) => call.RespondAsync(
        200, new WireCollection<WireRelationship>(items.Length, items) { Links = new WireLinks(new WireLink(self)) },
        RelationshipJson.Default.WireCollectionWireRelationship);

    private static WireRelationship ToWire(Partner partner, string type) =>
        new(partner.Id.ToString(), partner.Name, type, "Active", partner.MpnId, partner.MpnId, partner.Country);
}
