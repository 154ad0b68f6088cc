using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Concordat.Core;
using Concordat.Server.Tests.PartnerCenter;

namespace Concordat.Server.Tests.BadInput;

/// <summary>What the good requests are about: customers, and a resource for each call that changes one.</summary>
/// <param name="Never">A customer without an agreement.</param>
/// <param name="Attested">A customer that may buy.</param>
/// <param name="Billing">Path of a billing profile.</param>
/// <param name="Order">Path of an order.</param>
/// <param name="Subscription">Path of a subscription.</param>
internal sealed record Known(CustomerId Never, CustomerId Attested, string Billing, string Order, string Subscription);

/// <summary>The number that makes each cell's request a new one.</summary>
internal sealed record Cell(int Number, Known Known);

/// <summary>
/// Puts a value where a place says: <c>confirm primaryContact.email</c> (a member of a body), <c>path GET agreements</c> (the
/// customer id), <c>query agreementType</c> (of the metadata), <c>document country</c> (its query), <c>header X-Locale</c>,
/// <c>list size</c> (of the customers), <c>ask at</c> (of the single pre-check).
/// </summary>
internal static partial class Place
{
    private const string Mark = "\u0001";

    /// <summary>The good request of a write call: request line and body.</summary>
    public static (string Line, string Body) Good(string call, Cell cell) => call switch
    {
        "confirm" => ($"POST /v1/customers/{cell.Known.Never}/agreements", $$"""
            {"templateId":"{{TestServer.Mca}}","dateAgreed":"2025-11-20T01:15:30Z","primaryContact":{"firstName":"Hanako","lastName":"Cell{{cell.Number}}","email":"cell{{cell.Number}}@customer.example","phoneNumber":null} }
            """),
        "customer" => ("POST /v1/customers", CustomerBodies.Customer(CustomerBodies.NewDomain())),
        "order" => ($"POST /v1/customers/{cell.Known.Attested}/orders", TestServer.Order()),
        "billing" => ($"PUT {cell.Known.Billing}", CustomerBodies.Billing("Tamarack Joinery")),
        "cart" => ($"POST /v1/customers/{cell.Known.Never}/carts", $$"""
            {"lineItems":[{"id":0,"catalogItemId":"{{TestServer.Offer}}","friendlyName":"Lobby","quantity":5,"currencyCode":"USD","billingCycle":"annual","termDuration":"P1Y"}]}
            """),
        "subscription" => ($"PATCH {cell.Known.Subscription}", $$"""
            {"friendlyName":"Lobby {{cell.Number}}","quantity":5,"autoRenewEnabled":true,"billingCycle":"annual","termDuration":"P1Y","partnerId":null,"status":"active"}
            """),
        "change" => ($"PATCH {cell.Known.Order}", TestServer.Order()),
        "bulk" => ("POST /v1/CreateBulkReAttestation", $$"""
            [{"PartnerId":null,"CustomerId":"{{cell.Known.Never}}","CustomerDirectAcceptance":false,"Agreement":{{Good("confirm", cell).Body.Trim()}} }]
            """),
        "precheck" => ("POST /api/precheck", $$"""
            {"explain":false,"items":[{"customer":"{{cell.Known.Attested}}","action":"newPurchase","at":null,"channel":"api","product":null}]}
            """),
        "address" => ("POST /v1/validations/address", """
            {"Country":"us","City":"Redmond","State":"WA","AddressLine1":"1 Joinery Way","PostalCode":"98052","FirstName":"Ines","LastName":"Okafor","PhoneNumber":"4255550100"}
            """),
        "attest" => ("POST /v1/attestations/enhanced", $$"""
            {"country":"JP","language":"ja-JP","companyName":"Tamarack Joinery","signatoryFirstName":"Hanako","signatoryLastName":"Cell{{cell.Number}}","signatoryEmail":"cell{{cell.Number}}@customer.example","signatoryPhoneNumber":null,"customerTenantId":null,"minimumAssurance":null}
            """),
        _ => throw new ArgumentException($"There is no call {call}."),
    };

    /// <summary>The request with <paramref name="value"/> (JSON text) in place.</summary>
    public static (string Line, IReadOnlyList<string> Headers, byte[] Body) Put(string place, string value, Cell cell)
    {
        var words = place.Split(' ');
        switch (words[0])
        {
            case "path":
                var id = Uri.EscapeDataString(Filled(Text(value), cell.Known.Never.ToString()));
                return ($"{words[1]} /v1/customers/{id}/{words[2]}", ["Content-Type: application/json"],
                    words[1] == "GET" ? [] : Encoding.UTF8.GetBytes(Good(words[2] == "agreements" ? "confirm" : "order", cell).Body));
            case "query":
                return ($"GET /v1/agreements?{words[1]}={Uri.EscapeDataString(Text(value))}", [], []);
            case "list":
                return words[1].StartsWith("MS-", StringComparison.Ordinal)
                    ? ("GET /v1/customers", [$"{words[1]}: {Text(value)}"], [])
                    : ($"GET /v1/customers?{words[1]}={Uri.EscapeDataString(Text(value))}", [], []);
            case "ask":
                return words[1] == "customer"
                    ? ($"GET /api/customers/{Uri.EscapeDataString(Filled(Text(value), cell.Known.Never.ToString()))}/precheck", [], [])
                    : ($"GET /api/customers/{cell.Known.Never}/precheck?{words[1]}={Uri.EscapeDataString(Text(value))}", [], []);
            case "document":
                return ($"GET /v1/agreementtemplates/{TestServer.Mca}/document?{words[1]}={Uri.EscapeDataString(Text(value))}", [], []);
            case "header":
                var (line, body) = Good("confirm", cell);
                return (line, [$"{words[1]}: {Text(value)}"], Encoding.UTF8.GetBytes(body));
            default:
                var good = Good(words[0], cell);
                return (good.Line, ["Content-Type: application/json"], Encoding.UTF8.GetBytes(With(good.Body, words[1], Filled(value, IdOf(words, cell)))));
        }
    }

    /// <summary>The text that must be found neither in an answer to a refusal nor in a log; null when it is too short to tell.</summary>
    public static string? Secret(string value) => value.Length > 8 && value[0] == '"' && !value.Contains("\\ud", StringComparison.Ordinal) && Text(value) is { Length: > 6 } text
        && !text.Contains("{id}", StringComparison.OrdinalIgnoreCase) && !text.Contains("{n}", StringComparison.Ordinal) ? text : null;

    /// <summary>The body with a member's value replaced by JSON text; <c>absent</c> takes the member out.</summary>
    private static string With(string body, string path, string value)
    {
        var root = JsonNode.Parse(body)!;
        var steps = Step().Matches(path).Select(match => match.Value).ToArray();
        var holder = steps[..^1].Aggregate(root, (node, step) => step[0] == '[' ? node[int.Parse(step.Trim('[', ']'), System.Globalization.CultureInfo.InvariantCulture)]! : node[step]!);
        if (value == "absent")
        {
            holder.AsObject().Remove(steps[^1]);
            return root.ToJsonString();
        }

        holder[steps[^1]] = Mark;
        return root.ToJsonString().Replace("\"\\u0001\"", value, StringComparison.Ordinal);
    }

    /// <summary>The id that is good there.</summary>
    private static string IdOf(string[] words, Cell cell) =>
        words[1].EndsWith("ustomerId", StringComparison.Ordinal) || words[1].EndsWith("ustomerTenantId", StringComparison.Ordinal) || words[1].EndsWith("customer", StringComparison.Ordinal)
            ? cell.Known.Never.ToString()
            : TestServer.Mca;

    private static string Text(string value) => JsonSerializer.Deserialize<string>(value)!;

    private static string Filled(string text, string id) => text
        .Replace("{id}", id, StringComparison.Ordinal)
        .Replace("{ID}", id.ToUpperInvariant(), StringComparison.Ordinal)
        .Replace("{n}", id.Replace("-", "", StringComparison.Ordinal), StringComparison.Ordinal)
        .Replace("{id-1}", id[..^1], StringComparison.Ordinal)
        .Replace("{id-dash}", id.Replace('-', '\u2010'), StringComparison.Ordinal)
        .Replace("{id-wide}", string.Concat(id.Select(c => char.IsAsciiDigit(c) ? (char)('０' + (c - '0')) : c)), StringComparison.Ordinal);

    [GeneratedRegex(@"\w+|\[\d+\]")]
    private static partial Regex Step();
}
