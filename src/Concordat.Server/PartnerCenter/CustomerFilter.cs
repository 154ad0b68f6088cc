using System.Text;
using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Fields;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Storage;

namespace Concordat.Server.PartnerCenter;

/// <summary>The <c>filter</c> of the customer list as it comes: URL-encoded JSON, names and words in any casing.</summary>
internal sealed record CustomerFilter(string? Field, string? Value, string? Operator)
{
    /// <summary>
    /// Which customers the filter leaves; without one all. What it cannot say is <see cref="ProblemCode.InvalidQuery"/>.
    /// </summary>
    public static Outcome<CustomerRange> RangeOf(Call call, string? filter)
    {
        if (filter is null)
        {
            return CustomerRange.All;
        }

        return JsonBody.Read(Encoding.UTF8.GetBytes(filter), CustomerFilterJson.Default.CustomerFilter).TryGetValue(out var read, out _)
            && read.Value is { } value
                ? read.ToRange(call, value)
                : Refuse("filter is a JSON object with Field, Value and Operator.");
    }

    private const int MostLetters = 256;

    private Outcome<CustomerRange> ToRange(Call call, string value)
    {
        var word = Plain(Operator);
        if (word is not ("startswith" or "equals"))
        {
            return Refuse("Operator is starts_with or equals.");
        }

        // Neither engine's texts hold all of Unicode, and no name or domain has these characters.
        if (value.Length > 0 && SingleLine.Fault(value, MostLetters) is { } fault)
        {
            return Refuse($"Value {fault}");
        }

        Func<CustomerOrder, string, CustomerRange> range = word == "equals" ? CustomerRange.Exactly : CustomerRange.Prefix;
        return Plain(Field) switch
        {
            "companyname" => range(CustomerOrder.Name, CustomerRows.SearchName(value)),
            "domain" => range(CustomerOrder.Domain, value.ToLowerInvariant()),
            "indirectreseller" => OfReseller(call, value),
            "indirectcloudsolutionprovider" => !Guids.TryParse(value, out var id)
                ? Refuse("Value is the tenant id of the indirect provider.")
                : call.Partner.Kind == PartnerKind.IndirectProvider && call.Partner.Id.Value == id ? CustomerRange.All : CustomerRange.Nothing,
            _ => Refuse("Field is CompanyName, Domain, IndirectReseller or IndirectCloudSolutionProvider."),
        };
    }

    // The whole id either way: clients send starts_with, and part of an id names nobody.
    private static Outcome<CustomerRange> OfReseller(Call call, string value)
    {
        if (call.Caller.Kind == CallerKind.AppOnly)
        {
            return new Problem(ProblemCode.AppOnlyNotSupported, "Customers of a reseller are listed with an App+User token only.");
        }

        return Guids.TryParse(value, out var reseller)
            ? CustomerRange.All with { Reseller = new PartnerId(reseller) }
            : Refuse("Value is the tenant id of the indirect reseller.");
    }

    /// <summary>starts_with, StartsWith and STARTS_WITH are one word.</summary>
    private static string? Plain(string? word) => word?.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static Problem Refuse(string message) => new(ProblemCode.InvalidQuery, message, "filter");
}

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(CustomerFilter))]
internal sealed partial class CustomerFilterJson : JsonSerializerContext;
