using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Configuration;
using Concordat.Server.Hosting.Identity;
using Microsoft.Extensions.Logging;

namespace Concordat.Server.Tests.Hosting.Configuration;

public sealed class SettingsTests : IDisposable
{
    private const string Secret = "hunter2-is-secret";

    private static readonly Dictionary<string, (Action<Deployment> Break, string Line)> Broken = new(StringComparer.Ordinal)
    {
        ["unknown variable"] = (d => d.Environment["CONCORDAT_POSTGRESS"] = Secret, "CONCORDAT_POSTGRESS: there is no such setting"),
        ["config not JSON"] = (d => d.WriteConfig($"{{\n\"urls\": {Secret}"), "is not JSON (line 2)"),
        ["config not an object"] = (d => d.WriteConfig($"[\"{Secret}\"]"), "does not hold a JSON object"),
        ["unknown member"] = (d => d.WriteConfig($$"""{"Urls":"{{Secret}}"}"""), "Urls: there is no such setting"),
        ["nested member"] = (d => d.WriteConfig($$$"""{"urls":{"a":"{{{Secret}}}"}}"""), "urls: must be a text"),
        ["list of numbers"] = (d => d.WriteConfig("""{"audiences":[1]}"""), "audiences: must be a text"),
        ["null"] = (d => d.WriteConfig("""{"audiences":null}"""), "audiences: must be a text"),
        ["postgres malformed"] = (d => d.Environment["CONCORDAT_POSTGRES"] = $"Host=x;Pasword={Secret}", "postgres: is not an Npgsql connection string"),
        ["postgres without database"] = (d => d.Environment["CONCORDAT_POSTGRES"] = $"Host=x;Password={Secret}", "postgres: is not an Npgsql connection string"),
        ["key missing"] = (d => File.Delete(d.KeyFile), "master.key is missing"),
        ["no anchor"] = (d => d.Environment.Remove("CONCORDAT_LEDGER_ANCHOR_FILE"), "ledgerAnchorFile: is required: a file on another volume than the database, so that a restored old backup is noticed; none waives that"),
        ["anchor nowhere"] = (d => d.Environment["CONCORDAT_LEDGER_ANCHOR_FILE"] = "/nowhere/anchor", "ledgerAnchorFile: the directory of /nowhere/anchor does not exist"),
        ["key elsewhere missing"] = (d => d.Environment["CONCORDAT_MASTER_KEY_FILE"] = "/nowhere/key", "masterKeyFile: /nowhere/key is missing"),
        ["key readable by all"] = (d => d.WriteKey(new string('a', 64), (UnixFileMode)0b110_100_100), "can be used by others"),
        ["key too short"] = (d => d.WriteKey("aaaa"), "does not hold 32 bytes"),
        ["key not hexadecimal"] = (d => d.WriteKey(Secret), "does not hold a key in hexadecimal"),
        ["url without scheme"] = (d => d.Environment["CONCORDAT_URLS"] = "127.0.0.1:80", "urls: takes http"),
        ["url with path"] = (d => d.Environment["CONCORDAT_URLS"] = "http://127.0.0.1:80/api", "urls: takes http"),
        ["url with host name"] = (d => d.Environment["CONCORDAT_URLS"] = "http://concordat.example:80", "urls: takes http"),
        ["url with password"] = (d => d.Environment["CONCORDAT_URLS"] = $"http://me:{Secret}@127.0.0.1:80", "urls: takes http"),
        ["url with bad port"] = (d => d.Environment["CONCORDAT_URLS"] = "http://127.0.0.1:99999", "urls: takes http"),
        ["no url"] = (d => d.WriteConfig("""{"urls":[]}"""), "urls: at least one"),
        ["plain http to the world"] = (d => d.WriteConfig("""{"urls":"http://*:80","publicUrl":"https://x.example"}"""), "urls: [::]:80 would carry tokens"),
        ["plainHttp neither"] = (d => d.Environment["CONCORDAT_PLAIN_HTTP"] = "yes", "plainHttp: is true or false"),
        ["https without certificate"] = (d => Listen(d, "https://*:443", "https://x.example"), "tlsCertificateFile: https needs a certificate"),
        ["no public address"] = (d => Listen(d, "http://*:80", null), "publicUrl: is needed beyond the loopback address"),
        ["public address plain"] = (d => Listen(d, null, "http://concordat.example"), "publicUrl: is https://HOST"),
        ["public address with a path"] = (d => Listen(d, null, "https://concordat.example/v1"), "publicUrl: is https://HOST"),
        ["public address with a query"] = (d => Listen(d, null, "https://concordat.example/?a"), "publicUrl: is https://HOST"),
        ["public address with a password"] = (d => Listen(d, null, $"https://me:{Secret}@concordat.example"), "publicUrl: is https://HOST"),
        ["public address of another kind"] = (d => Listen(d, null, "ftp://concordat.example"), "publicUrl: is https://HOST"),
        ["TLS key alone"] = (d => d.Environment["CONCORDAT_TLS_KEY_FILE"] = "/nowhere/key.pem", "tlsCertificateFile: https needs"),
        ["certificate missing"] = (d => d.Environment["CONCORDAT_TLS_CERTIFICATE_FILE"] = "/nowhere/tls.pem", "tlsCertificateFile: certificate or key cannot be read"),
        ["certificate not PEM"] = (d => d.Environment["CONCORDAT_TLS_CERTIFICATE_FILE"] = d.KeyFile, "tlsCertificateFile: certificate and key must be PEM"),
        ["certificate expired"] = (Expire, "tlsCertificateFile: the certificate has expired"),
        ["no audience"] = (d => d.WriteConfig("""{"audiences":[]}"""), "identity: at least one audience"),
        ["client not a GUID"] = (d => d.Environment["CONCORDAT_CLIENTS"] = $"{Guid.Empty} {Secret}", "clients: takes application ids"),
        ["keys not an address"] = (d => d.Environment["CONCORDAT_ENTRA_KEYS_V1"] = "keys", "entraKeysV1: is not an absolute address"),
        ["keys over http"] = (d => d.Environment["CONCORDAT_ENTRA_KEYS_V2"] = "http://login.example/keys", "must come over https"),
        ["sign-in without client"] = (d => d.Environment["CONCORDAT_SIGN_IN_TENANT"] = "organizations", "signInTenant: needs signInClient"),
        ["sign-in client not a GUID"] = (d => SignIn(d, "x", Secret), "signInClient: is an application id"),
        ["sign-in without proof"] = (d => d.Environment["CONCORDAT_SIGN_IN_CLIENT"] = Client, "signInClient: needs either signInSecretFile or signInCertificateFile"),
        ["sign-in with two proofs"] = (d => SignIn(d, Client, Secret, ("SIGN_IN_CERTIFICATE_FILE", "/nowhere")), "signInClient: needs either"),
        ["sign-in secret missing"] = (d => SignIn(d, Client, null, ("SIGN_IN_SECRET_FILE", "/nowhere/secret")), "signInSecretFile: cannot be read"),
        ["sign-in secret empty"] = (d => SignIn(d, Client, " "), "signInSecretFile: is empty"),
        ["sign-in secret readable by all"] = (d => Protect(SignIn(d, Client, Secret), (UnixFileMode)0b110_100_100), "signInSecretFile: can be used by others"),
        ["sign-in certificate not PEM"] = (d => SignIn(d, Client, null, ("SIGN_IN_CERTIFICATE_FILE", d.KeyFile)), "signInCertificateFile: cannot be read"),
        ["sign-in tenant a name"] = (d => SignIn(d, Client, Secret, ("SIGN_IN_TENANT", "contoso.example")), "signInTenant: is organizations or a tenant id"),
        ["sign-in authority plain"] = (d => SignIn(d, Client, Secret, ("SIGN_IN_AUTHORITY", "http://login.example")), "signInAuthority: is https://HOST"),
        ["sign-in context"] = (d => SignIn(d, Client, Secret, ("SIGN_IN_AUTH_CONTEXT", "mfa")), "signInAuthContext: is an authentication context id"),
        ["limit zero"] = (d => d.WriteConfig("""{"requestsPerMinute":0}"""), "requestsPerMinute: is a number from 1 to 1000000"),
        ["limit a word"] = (d => d.WriteConfig("""{"requestsPerMinute":"many"}"""), "requestsPerMinute: is a number"),
        ["log level unknown"] = (d => d.Environment["CONCORDAT_LOG_LEVEL"] = "trace", "logLevel: is information, warning or error"),
    };

    private readonly Deployment deployment = new();

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Read_OneFault_IsOneLineThatNamesItAndNoSecret(string name)
    {
        Broken[name].Break(deployment);

        var line = Assert.Single(deployment.Faults());

        Assert.Contains(Broken[name].Line, line, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, line, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ManyFaults_AreReportedTogether()
    {
        deployment.WriteConfig("""{"urls":"nowhere","requestsPerMinute":-1,"color":"red"}""");
        deployment.Environment["CONCORDAT_CLIENTS"] = "me";
        File.Delete(deployment.KeyFile);

        Assert.Equal(5, deployment.Faults().Length);
    }

    [Fact]
    public void Read_FileOrDirectoryMissing_IsRefused()
    {
        Assert.Contains("cannot be read", Assert.Single(deployment.Faults("--config", "/nowhere/concordat.json")), StringComparison.Ordinal);
        Assert.Contains("/nowhere does not exist", deployment.Faults("--data", "/nowhere")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NothingSaid_TakesTheDocumentedDefaults()
    {
        var settings = deployment.Read();

        Assert.Equal("127.0.0.1:5280", Assert.Single(settings.Addresses).EndPoint.ToString());
        Assert.Equal([IdentityOptions.PartnerCenterAudience], settings.Identity.Audiences);
        Assert.Equal([IssuerOptions.EntraV1, IssuerOptions.EntraV2], settings.Identity.Issuers);
        Assert.Equal((500, LogLevel.Information, null), (settings.Limits.PartnerPerMinute, settings.LogLevel, settings.Options.Postgres));
        Assert.False(settings.Options.CreateKey);
    }

    [Fact]
    public void Read_EverythingSaid_CommandLineAboveEnvironmentAboveFile()
    {
        deployment.WriteCertificate(TimeProvider.System.GetUtcNow().AddDays(30));
        deployment.WriteConfig($$"""
            {"urls":["https://*:8443","http://127.0.0.1:81"],"publicUrl":"https://concordat.example","tlsCertificateFile":"{{deployment.CertificateFile}}","requestsPerMinute":7,
             "audiences":["a","b"],"logLevel":"error","postgres":"Host=file;Database=d","entraKeysV2":"https://keys.example/"}
            """);
        deployment.Environment["CONCORDAT_LOG_LEVEL"] = "warning";
        deployment.Environment["CONCORDAT_POSTGRES"] = "Host=environment;Database=d";

        var settings = deployment.Read("--postgres", "Host=line;Database=d");

        Assert.Equal(["[::]:8443 True", "127.0.0.1:81 False"], settings.Addresses.Select(address => $"{address.EndPoint} {address.Tls}"));
        Assert.Equal(["a", "b"], settings.Identity.Audiences);
        Assert.Equal(new Uri("https://keys.example/"), settings.Identity.Issuers[1].JwksUri);
        Assert.Equal((7, LogLevel.Warning, "Host=line;Database=d"), (settings.Limits.PartnerPerMinute, settings.LogLevel, settings.Options.Postgres));
    }

    [Theory]
    [InlineData("Say what to do")]
    [InlineData("Say what to do", "dance")]
    [InlineData("serve has no option --fresh", "serve", "--fresh")]
    [InlineData("serve has no option --port", "serve", "--port", "1")]
    [InlineData("--data takes a value", "serve", "--data")]
    [InlineData("sandbox has no option --config", "sandbox", "--config=x")]
    [InlineData("partner list has no option --tenant", "partner", "list", "--tenant", "x")]
    public void Parse_WrongWords_SaysWhich(string message, params string[] args) =>
        Assert.StartsWith(message, Assert.Throws<UsageException>(() => CommandLine.Parse(args)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("--port", "65536")]
    [InlineData("--port", "-1")]
    [InlineData("--postgres", "Host")]
    public void ForSandbox_WrongValue_IsAUsageFault(string option, string value) =>
        Assert.StartsWith(option, Assert.Throws<UsageException>(() => ServerOptions.ForSandbox(CommandLine.Parse(["sandbox", option, value]))).Message, StringComparison.Ordinal);

    public void Dispose() => deployment.Dispose();

    [Theory]
    [InlineData("http://127.0.0.1:81", null, "http://127.0.0.1:81")]
    [InlineData(null, "https://Concordat.example/", "https://concordat.example")]
    [InlineData(null, "https://concordat.example:443", "https://concordat.example")]
    [InlineData(null, "https://concordat.example:8443", "https://concordat.example:8443")]
    [InlineData(null, "https://同意.example", "https://xn--dqrs61a.example")]
    [InlineData(null, "http://localhost:81", "http://localhost:81")]
    public void Read_PublicUrl_HasNoSlashAtTheEnd(string? urls, string? said, string expected)
    {
        Listen(deployment, urls, said);
        Assert.Equal(expected, deployment.Read().Options.PublicUrl);
    }

    private static void Listen(Deployment deployment, string? urls, string? publicUrl)
    {
        deployment.Environment["CONCORDAT_PLAIN_HTTP"] = "true";
        if (urls is not null)
        {
            deployment.Environment["CONCORDAT_URLS"] = urls;
        }

        if (publicUrl is not null)
        {
            deployment.Environment["CONCORDAT_PUBLIC_URL"] = publicUrl;
        }
    }

    private static void Expire(Deployment deployment)
    {
        deployment.WriteCertificate(TimeProvider.System.GetUtcNow().AddDays(-1));
        deployment.Environment["CONCORDAT_TLS_CERTIFICATE_FILE"] = deployment.CertificateFile;
    }

    private const string Client = "44444444-4444-4444-8444-444444444444";

    /// <summary>Sets sign-in up, with a secret if there is one; answers the secret's file.</summary>
    private static string SignIn(Deployment deployment, string client, string? secret, params (string Name, string Value)[] more)
    {
        var file = Path.Combine(Path.GetDirectoryName(deployment.KeyFile)!, "sign-in.secret");
        deployment.Environment["CONCORDAT_SIGN_IN_CLIENT"] = client;
        foreach (var (name, value) in more)
        {
            deployment.Environment["CONCORDAT_" + name] = value;
        }

        if (secret is not null)
        {
            File.WriteAllText(file, secret);
            Protect(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            deployment.Environment["CONCORDAT_SIGN_IN_SECRET_FILE"] = file;
        }

        return file;
    }

    private static void Protect(string file, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, mode);
        }
    }

    [Fact]
    public void Read_SignInWithSecret_IsEntraOfAnyOrganisation()
    {
        SignIn(deployment, Client, Secret);
        var signIn = deployment.Read().SignIn!;

        Assert.Equal("https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize", signIn.AuthorizeUri.AbsoluteUri);
        Assert.Equal("http://127.0.0.1:5280/signin/callback", signIn.RedirectUri);
    }
}
