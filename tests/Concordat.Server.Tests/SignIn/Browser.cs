using System.Net;
using System.Text.RegularExpressions;
using Concordat.Server.Hosting.SignIn;
using Concordat.Server.Sandbox;

namespace Concordat.Server.Tests.SignIn;

/// <summary>An answer as a browser gets it, before it follows anything.</summary>
internal sealed record Shown(int Status, string Body, Uri Address, Uri? Next, IReadOnlyList<string> SetCookies)
{
    /// <summary>The hidden fields of the page's forms.</summary>
    public Dictionary<string, string> Hidden => Browser.HiddenFields().Matches(Body)
        .DistinctBy(match => match.Groups[1].Value)
        .ToDictionary(match => match.Groups[1].Value, match => WebUtility.HtmlDecode(match.Groups[2].Value));

    /// <summary>A parameter of the address that it leads to.</summary>
    public string Parameter(string name) => Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(Next!.Query).GetValueOrDefault(name).ToString();
}

/// <summary>
/// What of a browser a sign-in needs: it keeps cookies (Secure ones on the loopback address too, as Chromium does), says where
/// a form comes from, and follows nothing unless asked.
/// </summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient http;

    public Browser(TestServer server)
    {
        Server = server;
        http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(server.BaseUrl) };
    }

    public TestServer Server { get; }

    public Dictionary<string, string> Cookies { get; } = [];

    /// <summary>Every address that was asked for.</summary>
    public List<string> Visited { get; } = [];

    public Task<Shown> GetAsync(string address, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, address, null, headers);

    public Task<Shown> GetAsync(Uri address) => GetAsync(address.AbsoluteUri);

    /// <summary>Sends a form from a page of ours.</summary>
    public Task<Shown> PostAsync(string address, IEnumerable<KeyValuePair<string, string>> form) =>
        PostAsync(address, form, ("Origin", Server.BaseUrl), ("Sec-Fetch-Site", "same-origin"));

    public Task<Shown> PostAsync(string address, IEnumerable<KeyValuePair<string, string>> form, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, address, new FormUrlEncodedContent(form), headers);

    public async Task<Shown> SendAsync(HttpMethod method, string address, HttpContent? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body };
        if (Cookies.Count > 0)
        {
            request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request);
        var asked = response.RequestMessage!.RequestUri!;
        Visited.Add(asked.PathAndQuery);
        var set = response.Headers.TryGetValues("Set-Cookie", out var values) ? values.ToList() : [];
        set.ForEach(Keep);
        var next = response.Headers.Location is { } location ? new Uri(asked, location) : null;
        return new Shown((int)response.StatusCode, await response.Content.ReadAsStringAsync(), asked, next, set);
    }

    /// <summary>Opens a page, signs in as that person where it asks to, and follows until something is shown.</summary>
    public async Task<Shown> SignInAsync(string userName, string page = SignInFlow.AccountPath, bool secondFactor = true) =>
        await FollowAsync(await ChooseAsync(await FollowAsync(await GetAsync(page)), userName, secondFactor));

    /// <summary>Presses the button of a person of the seed on the issuer's page; the answer leads back with a code.</summary>
    public Task<Shown> ChooseAsync(Shown issuerPage, string userName, bool secondFactor = true)
    {
        var person = SandboxSignIn.Offered.Single(one => one.Person.UserName == userName).Person.Oid.ToString("D");
        Dictionary<string, string> form = new(issuerPage.Hidden) { ["person"] = person };
        if (!secondFactor)
        {
            form["withoutSecondFactor"] = "1";
        }

        return PostAsync(issuerPage.Address.PathAndQuery, form);
    }

    /// <summary>Fills in user name and password on the issuer's page.</summary>
    public Task<Shown> TypeAsync(Shown issuerPage, string userName, string password) => PostAsync(
        issuerPage.Address.PathAndQuery, new Dictionary<string, string>(issuerPage.Hidden) { ["username"] = userName, ["password"] = password });

    public async Task<Shown> FollowAsync(Shown shown)
    {
        for (var steps = 0; shown.Next is { } next; steps++)
        {
            Assert.True(steps < 10, "It leads in a circle.");
            shown = await GetAsync(next);
        }

        return shown;
    }

    /// <summary>True when this browser sees the page that only signed-in people see.</summary>
    public async Task<bool> IsSignedInAsync() => (await GetAsync(SignInFlow.AccountPath)).Status == 200;

    public void Dispose() => http.Dispose();

    private void Keep(string cookie)
    {
        var pair = cookie.Split(';')[0].Split('=', 2);
        if (pair[1].Length == 0)
        {
            Cookies.Remove(pair[0]);
        }
        else
        {
            Cookies[pair[0]] = pair[1];
        }
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    internal static partial Regex HiddenFields();
}
