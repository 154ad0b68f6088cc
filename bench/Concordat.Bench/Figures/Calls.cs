using Concordat.Bench.Harness;

namespace Concordat.Bench.Figures;

/// <summary>The calls that are measured.</summary>
internal static class Calls
{
    public const string PrecheckPath = "/api/customers/{id}/precheck?action=newPurchase";
    public const string AgreementsPath = "/v1/customers/{id}/agreements";
    private const string PingPath = "/api/ping";
    private const string OrdersPath = "/v1/customers/{id}/orders";

    /// <summary>Every customer has a signatory of their own, as in life.</summary>
    private const string Confirmation =
        """{"templateId":"117a77b0-9360-443b-8795-c6dedc750cf9","dateAgreed":"2025-06-01T00:00:00Z","primaryContact":{"firstName":"Robin","lastName":"Hartley","email":"signer{n}@customer.example","phoneNumber":"0355550100"}}""";

    private const string BadConfirmation =
        """{"templateId":"117a77b0-9360-443b-8795-c6dedc750cf9","dateAgreed":"2025-13-41","primaryContact":{"firstName":"Robin","lastName":"Hartley","email":"signer{n}@customer.example","phoneNumber":"0355550100"}}""";

    private const string OrderBody =
        """{"billingCycle":"annual","lineItems":[{"lineItemNumber":0,"offerId":"CFQ7TTC0LH18:0001:CFQ7TTC0K971","quantity":5,"termDuration":"P1Y"}]}""";

    private static readonly Harness.Range Nobody = new(0, 1);

    public static Load Precheck(Harness.Range customers) => new("GET", PrecheckPath, 32, customers);

    /// <summary>E for reads: token check and routing of the same server, nothing else.</summary>
    public static Load Ping(int connections) => new("GET", PingPath, connections, Nobody);

    /// <summary>E for writes: the same with the body of the call it stands beside.</summary>
    public static Load PingWithOrder => new("POST", PingPath, 64, Nobody, OrderBody);

    /// <summary>E for confirmations.</summary>
    public static Load PingWithConfirmation(int connections) => new("POST", PingPath, connections, Nobody, Confirmation);

    public static Load Order(Harness.Range customers, bool refused) => new("POST", OrdersPath, 64, customers, OrderBody, refused);

    public static Load Confirm(Harness.Range customers, int connections) => new("POST", AgreementsPath, connections, customers, Confirmation);

    public static Load ConfirmBadly(Harness.Range customers, int connections) =>
        new("POST", AgreementsPath, connections, customers, BadConfirmation, Refused: true);

    public static Load Read(Harness.Range customers) => new("GET", AgreementsPath, 32, customers);

    /// <summary>A peer that answers everything with the same bytes.</summary>
    public static Load Fixed(string path) => new("GET", path, 32, Nobody);

    /// <summary>What the product answers about customer 0.</summary>
    public static async Task<string> SampleAsync(Product product, string path, CancellationToken cancel)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {product.Token}");
        return await http.GetStringAsync(product.Process.Url + path.Replace("{id}", "c0c0c0c0-0000-7000-8000-000000000000", StringComparison.Ordinal), cancel);
    }

    /// <summary>A contender that is a process without token.</summary>
    public static Contender Of(this Child child, string name, Load load) =>
        new(name, (seconds, cancel) => load.RunAsync(child.Url, null, () => child.Cpu, seconds, cancel));
}
