using System.Text.Json;
using System.Text.Json.Serialization;

namespace Concordat.Server.Hosting.SignIn;

/// <summary>Exchanges the code that a browser brought back for an id token, from server to server.</summary>
internal sealed class CodeExchange(SignInOptions options, HttpClient http, IdSource ids, TimeProvider wall)
{
    /// <summary>The id token; or Denied when the issuer refuses the code, Unavailable when it gives no answer that can be used.</summary>
    public async Task<(string? IdToken, SignInFault? Fault)> RedeemAsync(string code, string verifier, CancellationToken cancel)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = options.Client.ToString("D"),
            ["code"] = code,
            ["redirect_uri"] = options.RedirectUri,
            ["code_verifier"] = verifier,
            ["scope"] = SignInFlow.Scope,
        };
        options.Proof.AddTo(form, options.Client, options.TokenUri, ids, wall.GetUtcNow());
        try
        {
            using var content = new FormUrlEncodedContent(form);
            using var response = await http.PostAsync(options.TokenUri, content, cancel);
            if ((int)response.StatusCode is >= 400 and < 500)
            {
                return (null, SignInFault.Denied);
            }

            var body = await response.Content.ReadAsByteArrayAsync(cancel);
            return response.IsSuccessStatusCode && JsonSerializer.Deserialize(body, ExchangeJson.Default.TokenAnswer)?.IdToken is { } token
                ? (token, null)
                : (null, SignInFault.Unavailable);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException
            || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return (null, SignInFault.Unavailable);
        }
    }
}

/// <summary>What is read of a token endpoint's answer.</summary>
internal sealed record TokenAnswer([property: JsonPropertyName("id_token")] string? IdToken);

[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class ExchangeJson : JsonSerializerContext;
