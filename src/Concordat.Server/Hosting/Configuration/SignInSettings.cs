using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Concordat.Server.Hosting.SignIn;

namespace Concordat.Server.Hosting.Configuration;

/// <summary>The settings of the people's sign-in; without <c>signInClient</c> there is none, and the others are faults.</summary>
internal static class SignInSettings
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly Setting[] Others =
    [
        Setting.SignInSecretFile, Setting.SignInCertificateFile, Setting.SignInKeyFile, Setting.SignInTenant, Setting.SignInAuthority,
        Setting.SignInAuthContext,
    ];

    /// <summary>Null without a client, or when something is wrong (and stands in <paramref name="faults"/>).</summary>
    public static SignInOptions? Read(SettingTexts texts, string publicUrl, TimeProvider wall, List<string> faults)
    {
        if (texts[Setting.SignInClient] is not { } clientText)
        {
            faults.AddRange(Others.Where(other => texts[other] is not null).Select(other => $"{other.Name}: needs {Setting.SignInClient.Name}"));
            return null;
        }

        if (!Guid.TryParse(clientText, out var client))
        {
            faults.Add($"{Setting.SignInClient.Name}: is an application id (GUID)");
        }

        var tenant = texts[Setting.SignInTenant] ?? "organizations";
        if (tenant != "organizations" && !Guid.TryParse(tenant, out _))
        {
            faults.Add($"{Setting.SignInTenant.Name}: is organizations or a tenant id (GUID)");
        }

        var context = texts[Setting.SignInAuthContext];
        if (context is not null && !(context.Length is 2 or 3 && context[0] == 'c' && context.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0))
        {
            faults.Add($"{Setting.SignInAuthContext.Name}: is an authentication context id, c1 to c99");
        }

        var authority = AuthorityIn(texts, faults);
        return ProofIn(texts, wall, faults) is { } proof
            ? new SignInOptions { PublicUrl = publicUrl, Client = client, Tenant = tenant, Authority = authority, Proof = proof, AuthContext = context }
            : null;
    }

    private static Uri AuthorityIn(SettingTexts texts, List<string> faults)
    {
        if (texts[Setting.SignInAuthority] is not { } text)
        {
            return SignInOptions.EntraAuthority;
        }

        if (PublicUrl.TryRead(text) is { } url)
        {
            return new Uri(url);
        }

        faults.Add($"{Setting.SignInAuthority.Name}: is https://HOST or https://HOST:PORT, or http for a loopback address");
        return SignInOptions.EntraAuthority;
    }

    private static ClientProof? ProofIn(SettingTexts texts, TimeProvider wall, List<string> faults)
    {
        var (secret, certificate) = (texts[Setting.SignInSecretFile], texts[Setting.SignInCertificateFile]);
        if (secret is null == certificate is null)
        {
            faults.Add($"{Setting.SignInClient.Name}: needs either {Setting.SignInSecretFile.Name} or {Setting.SignInCertificateFile.Name}");
            return null;
        }

        try
        {
            return secret is not null ? SecretIn(secret, faults) : CertificateIn(certificate!, texts[Setting.SignInKeyFile], wall, faults);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            faults.Add($"{(secret is null ? Setting.SignInCertificateFile : Setting.SignInSecretFile).Name}: cannot be read, or certificate and key do not belong together");
            return null;
        }
    }

    private static ClientProof? SecretIn(string file, List<string> faults)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(file) && (File.GetUnixFileMode(file) & ~OwnerOnly) != 0)
        {
            faults.Add($"{Setting.SignInSecretFile.Name}: can be used by others than its owner; chmod 600 it");
            return null;
        }

        var secret = File.ReadAllText(file).Trim();
        if (secret.Length > 0)
        {
            return new ClientProof(secret);
        }

        faults.Add($"{Setting.SignInSecretFile.Name}: is empty");
        return null;
    }

    private static ClientProof? CertificateIn(string file, string? key, TimeProvider wall, List<string> faults)
    {
        var certificate = X509Certificate2.CreateFromPemFile(file, key);
        using var rsa = certificate.GetRSAPrivateKey();
        if (rsa is not null && wall.GetUtcNow() <= certificate.NotAfter)
        {
            return new ClientProof(certificate);
        }

        faults.Add($"{Setting.SignInCertificateFile.Name}: has expired, or its key is not an RSA key");
        return null;
    }
}
