using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Concordat.Server.Hosting.SignIn;

/// <summary>
/// A sign-in that has begun: kept by the browser that began it, in a cookie that only we can read and write. Nothing is
/// stored here for people who have not signed in yet.
/// </summary>
/// <param name="State">Comes back with the answer; ties the answer to this browser.</param>
/// <param name="Nonce">Comes back in the id token; ties the token to this sign-in.</param>
/// <param name="Verifier">The secret whose hash the request carried (PKCE).</param>
/// <param name="ReturnPath">Where to go afterwards; a checked local path.</param>
/// <param name="BegunAt">Unix seconds.</param>
/// <param name="Tenant">With <c>Person</c>: a step-up, which this very person must pass.</param>
/// <param name="Person">Null for an ordinary sign-in.</param>
internal sealed record PendingSignIn(
    string State, string Nonce, string Verifier, string ReturnPath, long BegunAt, Guid? Tenant = null, Guid? Person = null)
{
    private const int RandomBytes = 32;

    /// <summary>How long somebody may take to sign in.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public static PendingSignIn Begin(IdSource ids, string returnPath, DateTimeOffset now, SignedIn? stepUp) => new(
        Random(ids), Random(ids), Random(ids), returnPath, now.ToUnixTimeSeconds(), stepUp?.Tenant, stepUp?.Person);

    /// <summary>The code challenge (S256).</summary>
    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(Verifier)));

    public bool IsStepUp => Person is not null;

    /// <summary>False once too much time has passed.</summary>
    public bool IsAlive(DateTimeOffset now) => now - DateTimeOffset.FromUnixTimeSeconds(BegunAt) is var age
        && age >= TimeSpan.FromMinutes(-1) && age < Lifetime;

    /// <summary>256 random bits, safe for addresses and cookies.</summary>
    public static string Random(IdSource ids)
    {
        Span<byte> bytes = stackalloc byte[RandomBytes];
        ids.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }
}

/// <summary>Seals pending sign-ins for the browser's keeping: AES-256-GCM, nonce first, tag last.</summary>
/// <param name="key">32 bytes, the same on every node.</param>
/// <param name="ids">Draws the nonces.</param>
internal sealed class PendingSignIns(byte[] key, IdSource ids)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int LongestCookie = 4096;

    public string Seal(PendingSignIn pending)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(pending, PendingJson.Default.PendingSignIn);
        var cookie = new byte[NonceBytes + text.Length + TagBytes];
        ids.Fill(cookie.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(cookie.AsSpan(0, NonceBytes), text, cookie.AsSpan(NonceBytes, text.Length), cookie.AsSpan(NonceBytes + text.Length));
        return Base64Url.EncodeToString(cookie);
    }

    /// <summary>Null for whatever we did not seal.</summary>
    public PendingSignIn? Open(string? cookie)
    {
        if (cookie is null || cookie.Length > LongestCookie || !Base64Url.IsValid(cookie, out var length) || length <= NonceBytes + TagBytes)
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(cookie);
        var text = new byte[bytes.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(key, TagBytes);
        try
        {
            cipher.Decrypt(bytes.AsSpan(0, NonceBytes), bytes.AsSpan(NonceBytes, text.Length), bytes.AsSpan(NonceBytes + text.Length), text);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return JsonSerializer.Deserialize(text, PendingJson.Default.PendingSignIn);
    }
}

[JsonSerializable(typeof(PendingSignIn))]
internal sealed partial class PendingJson : JsonSerializerContext;
