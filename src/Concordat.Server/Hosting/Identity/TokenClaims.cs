using System.Text.Json;
using System.Text.Json.Serialization;

namespace Concordat.Server.Hosting.Identity;

/// <summary>
/// The protected header. Any member that is not listed refuses the token: nothing may bring its own key (jwk, jku, x5u,
/// x5c), be encrypted (enc), or ask for an extension that is not understood (crit).
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TokenHeader
{
    public required string Alg { get; init; }
    public required string Typ { get; init; }
    public required string Kid { get; init; }

    /// <summary>Entra ID repeats the key id here; not read.</summary>
    public string? X5t { get; init; }

    /// <summary>Stands in Graph tokens only, which are to be refused for their audience, not for their header.</summary>
    public string? Nonce { get; init; }
}

/// <summary>
/// The claims that decide, by their registered names; all others are skipped. E-mail, upn and preferred_username are left
/// out on purpose (they can change hands, rule T9); wids (directory roles) says nothing about partners' people (rule T10).
/// </summary>
internal sealed record TokenClaims
{
    public required string Iss { get; init; }
    /// <summary>A string as Entra ID writes it; a list does not read.</summary>
    public required string Aud { get; init; }
    public required Guid Tid { get; init; }
    public required Guid Oid { get; init; }
    public required string Ver { get; init; }
    /// <summary>Unix seconds, as are the next two.</summary>
    public required long Exp { get; init; }
    public required long Nbf { get; init; }
    public required long Iat { get; init; }
    public string? Scp { get; init; }
    public IReadOnlyList<string>? Roles { get; init; }
    public string? Idtyp { get; init; }
    public IReadOnlyList<string>? Amr { get; init; }

    /// <summary>The client in v2 tokens, and how it proved itself: 0 public, 1 secret, 2 certificate.</summary>
    public Guid? Azp { get; init; }
    public string? Azpacr { get; init; }
    /// <summary>The same two in v1 tokens.</summary>
    public Guid? Appid { get; init; }
    public string? Appidacr { get; init; }

    /// <summary>These are looked at in id tokens only: the sign-in that asked, and when and how the person proved who they are.</summary>
    public string? Nonce { get; init; }
    /// <summary>Unix seconds; Entra ID sends it as an optional claim.</summary>
    [JsonPropertyName("auth_time")]
    public long? AuthTime { get; init; }
    /// <summary>Authentication contexts that the sign-in satisfied.</summary>
    public IReadOnlyList<string>? Acrs { get; init; }
    /// <summary>Directory roles in the person's own tenant.</summary>
    public IReadOnlyList<string>? Wids { get; init; }
    /// <summary>Where a guest really comes from; absent or equal to <c>iss</c> for the tenant's own people.</summary>
    public string? Idp { get; init; }

    /// <summary>Either one says that the groups did not fit and stand elsewhere.</summary>
    [JsonPropertyName("_claim_names")]
    public JsonElement? ClaimNames { get; init; }
    public JsonElement? Hasgroups { get; init; }
}

/// <summary>Strict reading: exact names, no duplicates, no nulls where a value is needed, shallow.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    MaxDepth = 8)]
[JsonSerializable(typeof(TokenHeader))]
[JsonSerializable(typeof(TokenClaims))]
internal sealed partial class TokenJson : JsonSerializerContext;
