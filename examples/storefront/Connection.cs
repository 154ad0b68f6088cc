using System.Globalization;
using System.Text.Json;

namespace Storefront;

/// <summary>
/// Where the API is and as which application the shop calls it. Against the real Partner Center the same five values come
/// from the shop's own configuration.
/// </summary>
/// <param name="BaseUrl">The API's host; calls go to <c>/v1</c> below it.</param>
/// <param name="TokenUrl">The tenant's token endpoint.</param>
/// <param name="ClientId">The application's id.</param>
/// <param name="ClientSecret">Its secret.</param>
/// <param name="PartnerName">The partner whose shop this is.</param>
internal sealed record Connection(Uri BaseUrl, Uri TokenUrl, string ClientId, string ClientSecret, string PartnerName)
{
    // The sandbox's applications all have this one; docs/sandbox.md.
    private const string SandboxSecret = "sandbox-secret";

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);

    /// <summary>Waits until the sandbox of <paramref name="directory"/> answers; null when the followed process ended first.</summary>
    public static async Task<Connection?> WaitForAsync(string directory, int? followed)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        while (followed is not { } process || Arguments.IsAlive(process))
        {
            if (await IsStartedAsync(directory, followed)
                && await TryReadAsync(Path.Combine(directory, "sandbox.json")) is { } connection && await IsReadyAsync(http, connection))
            {
                return connection;
            }

            await Task.Delay(LookEvery);
        }

        return null;
    }

    // The sandbox writes server.pid last, so that what lies beside it is its own and not an earlier one's.
    private static async Task<bool> IsStartedAsync(string directory, int? followed)
    {
        var file = Path.Combine(directory, "server.pid");
        return followed is not { } process
            || (File.Exists(file) && (await File.ReadAllTextAsync(file)).Trim() == process.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<Connection?> TryReadAsync(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(await File.ReadAllTextAsync(file));
            var root = document.RootElement;
            var partner = root.GetProperty("partners").EnumerateArray().First(one => one.GetProperty("kind").GetString() == "direct-bill");
            var baseUrl = new Uri(root.GetProperty("baseUrl").GetString()!);
            return new Connection(
                baseUrl, new Uri(baseUrl, $"/{partner.GetProperty("tenantId").GetString()}/oauth2/v2.0/token"),
                partner.GetProperty("appId").GetString()!, SandboxSecret, partner.GetProperty("name").GetString()!);
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            // Not written yet, or just being written.
            return null;
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, Connection connection)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(connection.BaseUrl, "/health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
