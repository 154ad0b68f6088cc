using Microsoft.AspNetCore.WebUtilities;

namespace Concordat.Server.Sandbox;

/// <summary>
/// An authorization request, read from query or form. What names another application or another address is never sent
/// anywhere; every other fault goes back to the application, as OAuth wants it.
/// </summary>
internal sealed record AuthorizeRequest(
    Guid Client, string RedirectUri, string? State, string? Nonce, string? Challenge, string? Fault, string? Prompt)
{
    private const int LongestValue = 2048;

    private static readonly string[] Names =
        ["client_id", "response_type", "response_mode", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method", "prompt"];

    /// <summary>Null when application and address are not the ones registered.</summary>
    public static AuthorizeRequest? Read(Func<string, string> value, SandboxApp portal, string redirectUri)
    {
        if (Names.Any(name => value(name).Length > LongestValue) || !Guid.TryParse(value("client_id"), out var client)
            || client != portal.AppId || value("redirect_uri") != redirectUri)
        {
            return null;
        }

        var fault = value("response_type") != "code" ? "unsupported_response_type"
            : value("response_mode") is not ("" or "query") ? "invalid_request"
            : !value("scope").Split(' ').Contains("openid") ? "invalid_scope"
            : value("code_challenge_method") != "S256" || value("code_challenge").Length != 43 || value("nonce").Length == 0 ? "invalid_request"
            : value("prompt") == "none" ? "login_required"
            : null;
        return new AuthorizeRequest(client, redirectUri, Optional(value("state")), Optional(value("nonce")), Optional(value("code_challenge")), fault, Optional(value("prompt")));
    }

    /// <summary>What the issuer's page carries along in its form, as it came.</summary>
    public static IEnumerable<(string Name, string Value)> Carried(Func<string, string> value) =>
        Names.Select(name => (name, value(name))).Where(pair => pair.Item2.Length > 0);

    /// <summary>Back to the application with an error.</summary>
    public string AddressOfError(string error) => AddressWith("error", error);

    /// <summary>Back to the application with a code.</summary>
    public string AddressOfCode(string code) => AddressWith("code", code);

    private string AddressWith(string name, string value)
    {
        var address = QueryHelpers.AddQueryString(RedirectUri, name, value);
        return State is null ? address : QueryHelpers.AddQueryString(address, "state", State);
    }

    private static string? Optional(string text) => text.Length == 0 ? null : text;
}
