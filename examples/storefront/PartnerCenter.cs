using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Storefront;

internal sealed record Customer(string Id, string Name);

/// <summary>What an order came to: an id, or the refusal's code and its words.</summary>
internal sealed record OrderOutcome(string? OrderId, int? Code, string? Description)
{
    /// <summary>Nothing on record (13605), or only an outdated attestation (900428): the customer has to accept.</summary>
    public bool NeedsAgreement => Code is 13605 or 900428;
}

/// <summary>An attestation as the API answers it.</summary>
internal sealed record Attestation(string Id, Uri Url, string Status);

/// <summary>Who signs for the customer.</summary>
internal sealed record Signatory(string FirstName, string LastName, string Email);

/// <summary>The calls of Partner Center's API that a shop needs, with an application's token (App-only).</summary>
internal sealed class PartnerCenter(Connection connection, TimeProvider clock) : IDisposable
{
    // A token is renewed a little before it ends, so that no call is refused for its age.
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    private readonly HttpClient http = new() { BaseAddress = connection.BaseUrl, Timeout = TimeSpan.FromSeconds(30) };
    private readonly SemaphoreSlim renewing = new(1);
    private string? token;
    private DateTimeOffset tokenEnds;

    /// <summary>The first page of the partner's customers.</summary>
    public async Task<IReadOnlyList<Customer>> CustomersAsync()
    {
        using var answer = await SendAsync(HttpMethod.Get, "/v1/customers?size=40");
        using var body = await ReadAsync(answer);
        return [.. body.RootElement.GetProperty("items").EnumerateArray().Select(item => new Customer(
            item.GetProperty("id").GetString()!, item.GetProperty("companyProfile").GetProperty("companyName").GetString()!))];
    }

    /// <summary>
    /// Orders licences; a refusal by the gate is an outcome, everything else unexpected throws. The request id is the same
    /// for each repetition of one order, so that it is placed once.
    /// </summary>
    public async Task<OrderOutcome> OrderAsync(string customer, string offer, int quantity, Guid requestId)
    {
        var order = new
        {
            billingCycle = "annual",
            lineItems = new[] { new { lineItemNumber = 0, offerId = offer, quantity, termDuration = "P1Y" } },
        };
        using var answer = await SendAsync(HttpMethod.Post, $"/v1/customers/{customer}/orders", order, requestId);
        using var body = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync());
        var root = body.RootElement;
        return answer.StatusCode switch
        {
            HttpStatusCode.Created => new OrderOutcome(root.GetProperty("id").GetString(), null, null),
            HttpStatusCode.Forbidden => new OrderOutcome(null, root.GetProperty("code").GetInt32(), root.GetProperty("description").GetString()),
            var status => throw new HttpRequestException($"The order was answered {(int)status}.", null, status),
        };
    }

    /// <summary>Asks a customer's signatory to accept, in their language; the answer's address is the page to show.</summary>
    public async Task<Attestation> AttestAsync(Customer customer, Signatory signatory, string language)
    {
        var country = await CountryAsync(customer);
        using var answer = await SendAsync(HttpMethod.Post, "/v1/attestations/enhanced", new
        {
            country,
            language,
            companyName = customer.Name,
            signatoryFirstName = signatory.FirstName,
            signatoryLastName = signatory.LastName,
            signatoryEmail = signatory.Email,
            customerTenantId = customer.Id,
        });
        return await ReadAttestationAsync(answer);
    }

    public async Task<Attestation> AttestationAsync(string id)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"/v1/attestations/enhanced/{id}");
        return await ReadAttestationAsync(answer);
    }

    /// <summary>Makes the accepted attestation the customer's agreement.</summary>
    public async Task CreateAgreementAsync(string customer, string attestation, Guid requestId)
    {
        using var answer = await SendAsync(HttpMethod.Post, $"/v1/customers/{customer}/agreements", new { attestationId = attestation }, requestId);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose()
    {
        http.Dispose();
        renewing.Dispose();
    }

    private async Task<string> CountryAsync(Customer customer)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"/v1/customers/{customer.Id}");
        using var body = await ReadAsync(answer);
        return body.RootElement.GetProperty("billingProfile").GetProperty("defaultAddress").GetProperty("country").GetString()!;
    }

    private static async Task<Attestation> ReadAttestationAsync(HttpResponseMessage answer)
    {
        using var body = await ReadAsync(answer);
        var root = body.RootElement;
        return new Attestation(root.GetProperty("attestationId").GetString()!, new Uri(root.GetProperty("attestationUrl").GetString()!),
            root.GetProperty("status").GetString()!);
    }

    private static async Task<JsonDocument> ReadAsync(HttpResponseMessage answer)
    {
        answer.EnsureSuccessStatusCode();
        return await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync());
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, Guid? requestId = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync());
        request.Headers.Add("MS-RequestId", (requestId ?? Guid.NewGuid()).ToString());
        // Names the person behind the application where the partner asks for it; a shop's customer orders for itself.
        request.Headers.Add("X-Concordat-Operator", "storefront");
        request.Content = body is null ? null : JsonContent.Create(body);
        return await http.SendAsync(request);
    }

    private async Task<string> TokenAsync()
    {
        await renewing.WaitAsync();
        try
        {
            if (token is null || clock.GetUtcNow() > tokenEnds - Early)
            {
                using var form = new FormUrlEncodedContent(new Dictionary<string, string>
                {
                    ["grant_type"] = "client_credentials",
                    ["client_id"] = connection.ClientId,
                    ["client_secret"] = connection.ClientSecret,
                    ["scope"] = "https://api.partnercenter.microsoft.com/.default",
                });
                using var answer = await http.PostAsync(connection.TokenUrl, form);
                using var body = await ReadAsync(answer);
                token = body.RootElement.GetProperty("access_token").GetString()!;
                tokenEnds = clock.GetUtcNow() + TimeSpan.FromSeconds(body.RootElement.GetProperty("expires_in").GetInt32());
            }

            return token;
        }
        finally
        {
            renewing.Release();
        }
    }
}
