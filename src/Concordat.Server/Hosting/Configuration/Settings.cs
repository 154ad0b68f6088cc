using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Hosting.SignIn;

namespace Concordat.Server.Hosting.Configuration;

/// <summary>A production deployment's settings with their meaning (docs/operations.md), checked as a whole.</summary>
internal sealed record Settings
{
    private static readonly ListenAddress DefaultAddress = ListenAddress.TryParse("http://127.0.0.1:5280")!;

    public required ServerOptions Options { get; init; }

    public required IdentityOptions Identity { get; init; }

    /// <summary>Where people sign in; null when nobody can.</summary>
    public SignInOptions? SignIn { get; init; }

    public IReadOnlyList<ListenAddress> Addresses { get; init; } = [DefaultAddress];

    public X509Certificate2? Certificate { get; init; }

    public required ThrottleLimits Limits { get; init; }

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Reads and checks everything; throws with every fault at once.</summary>
    /// <exception cref="UnsafeConfigurationException">Something is wrong.</exception>
    public static Settings Read(CommandLine line, IDictionary environment, TimeProvider wall)
    {
        var faults = new List<string>();
        var texts = SettingTexts.Read(line, environment, faults);
        var addresses = AddressesIn(texts, faults);
        var publicUrl = PublicUrlIn(texts, addresses, faults);
        var settings = new Settings
        {
            Options = OptionsIn(line, texts, faults) with
            {
                PublicUrl = publicUrl,
                Smtp = MailSettings.ServerIn(texts, faults),
                MailPace = MailSettings.PaceIn(texts, faults),
            },
            Identity = IdentityIn(texts, faults),
            SignIn = SignInSettings.Read(texts, publicUrl, wall, faults),
            Addresses = addresses,
            Certificate = CertificateIn(texts, addresses, wall, faults),
            Limits = LimitsIn(texts, faults),
            LogLevel = LogLevelIn(texts, faults),
        };
        return faults.Count == 0 ? settings : throw new UnsafeConfigurationException(faults);
    }

    private static ServerOptions OptionsIn(CommandLine line, SettingTexts texts, List<string> faults)
    {
        var data = texts[Setting.DataDirectory] ?? ".concordat";
        var options = new ServerOptions(line.Command, 0, data, texts[Setting.Postgres], Fresh: false)
        {
            MasterKeyFile = texts[Setting.MasterKeyFile] ?? Path.Combine(data, ServerOptions.MasterKeyName),
            CreateKey = line.Has("--create-key"),
            LedgerAnchorFile = AnchorIn(texts, faults),
        };
        if (!options.CreateKey && !Directory.Exists(data))
        {
            faults.Add($"{Setting.DataDirectory.Name}: {data} does not exist");
        }

        if (options.Postgres is { } postgres && !ServerOptions.IsConnectionString(postgres))
        {
            faults.Add($"{Setting.Postgres.Name}: is not an Npgsql connection string with a host and a database");
        }

        if (MasterKey.FaultOf(options.MasterKeyFile, mayBeMissing: options.CreateKey) is { } fault)
        {
            faults.Add($"{Setting.MasterKeyFile.Name}: {fault}");
        }

        return options;
    }

    private static string? AnchorIn(SettingTexts texts, List<string> faults)
    {
        var file = texts[Setting.LedgerAnchorFile];
        if (file is null)
        {
            faults.Add($"{Setting.LedgerAnchorFile.Name}: is required: a file on another volume than the database, so that a restored old backup is noticed; none waives that");
        }
        else if (file != "none" && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))))
        {
            faults.Add($"{Setting.LedgerAnchorFile.Name}: the directory of {file} does not exist");
        }

        return file == "none" ? null : file;
    }

    private static IdentityOptions IdentityIn(SettingTexts texts, List<string> faults)
    {
        var clients = new List<Guid>();
        foreach (var word in texts.List(Setting.Clients) ?? [])
        {
            if (Guid.TryParse(word, out var id))
            {
                clients.Add(id);
            }
            else
            {
                faults.Add($"{Setting.Clients.Name}: takes application ids (GUIDs), one is not");
            }
        }

        var identity = new IdentityOptions
        {
            Issuers = [Keyed(IssuerOptions.EntraV1, Setting.EntraKeysV1), Keyed(IssuerOptions.EntraV2, Setting.EntraKeysV2)],
            Audiences = texts.List(Setting.Audiences) ?? [IdentityOptions.PartnerCenterAudience],
            AllowedClients = clients,
        };
        faults.AddRange(identity.Faults());
        return identity;

        IssuerOptions Keyed(IssuerOptions issuer, Setting setting)
        {
            if (texts[setting] is not { } text)
            {
                return issuer;
            }

            if (Uri.TryCreate(text, UriKind.Absolute, out var uri))
            {
                return issuer with { JwksUri = uri };
            }

            faults.Add($"{setting.Name}: is not an absolute address");
            return issuer;
        }
    }

    private static List<ListenAddress> AddressesIn(SettingTexts texts, List<string> faults)
    {
        var plain = texts[Setting.PlainHttp];
        if (plain is not (null or "true" or "false"))
        {
            faults.Add($"{Setting.PlainHttp.Name}: is true or false");
        }

        var addresses = new List<ListenAddress>();
        foreach (var url in texts.List(Setting.Urls) ?? ["http://127.0.0.1:5280"])
        {
            if (ListenAddress.TryParse(url) is not { } address)
            {
                faults.Add($"{Setting.Urls.Name}: takes http://ADDRESS:PORT and https://ADDRESS:PORT, where ADDRESS is an IP address, localhost or *; one is not");
                continue;
            }

            if (!address.Tls && !System.Net.IPAddress.IsLoopback(address.EndPoint.Address) && plain != "true")
            {
                faults.Add($"{Setting.Urls.Name}: {address.EndPoint} would carry tokens and people's data unencrypted; use https, or set {Setting.PlainHttp.Name} behind a proxy that does");
            }

            addresses.Add(address);
        }

        if (texts.List(Setting.Urls) is { Count: 0 })
        {
            faults.Add($"{Setting.Urls.Name}: at least one address is needed");
        }

        return addresses;
    }

    private static string PublicUrlIn(SettingTexts texts, List<ListenAddress> addresses, List<string> faults)
    {
        if (texts[Setting.PublicUrl] is { } text)
        {
            if (Configuration.PublicUrl.TryRead(text) is { } url)
            {
                return url;
            }

            faults.Add($"{Setting.PublicUrl.Name}: is https://HOST or https://HOST:PORT, or http for a loopback address, and nothing behind it");
        }
        else if (Configuration.PublicUrl.OfLoopback(addresses) is { } loopback)
        {
            return loopback;
        }
        else if (addresses.Count > 0)
        {
            faults.Add($"{Setting.PublicUrl.Name}: is needed beyond the loopback address; links in answers and mails begin with it");
        }

        return "";
    }

    private static X509Certificate2? CertificateIn(
        SettingTexts texts, IEnumerable<ListenAddress> addresses, TimeProvider wall, List<string> faults)
    {
        var (file, key) = (texts[Setting.TlsCertificateFile], texts[Setting.TlsKeyFile]);
        if (file is null)
        {
            if (key is not null || addresses.Any(address => address.Tls))
            {
                faults.Add($"{Setting.TlsCertificateFile.Name}: https needs a certificate");
            }

            return null;
        }

        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(file, key);
            if (wall.GetUtcNow() > certificate.NotAfter)
            {
                faults.Add($"{Setting.TlsCertificateFile.Name}: the certificate has expired");
            }

            return certificate;
        }
        catch (CryptographicException)
        {
            faults.Add($"{Setting.TlsCertificateFile.Name}: certificate and key must be PEM and belong together");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{Setting.TlsCertificateFile.Name}: certificate or key cannot be read");
        }

        return null;
    }

    private static ThrottleLimits LimitsIn(SettingTexts texts, List<string> faults)
    {
        var documented = new ThrottleLimits();
        return new ThrottleLimits(
            NumberIn(texts, Setting.RequestsPerMinute, documented.PartnerPerMinute, 1, 1_000_000, faults),
            NumberIn(texts, Setting.CustomerRequestsPerMinute, documented.CustomerPerMinute, 1, 1_000_000, faults));
    }

    internal static int NumberIn(SettingTexts texts, Setting setting, int otherwise, int least, int most, List<string> faults)
    {
        if (texts[setting] is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        faults.Add(string.Create(CultureInfo.InvariantCulture, $"{setting.Name}: is a number from {least} to {most}"));
        return otherwise;
    }

    private static LogLevel LogLevelIn(SettingTexts texts, List<string> faults)
    {
        switch (texts[Setting.LogLevel])
        {
            case null or "information": return LogLevel.Information;
            case "warning": return LogLevel.Warning;
            case "error": return LogLevel.Error;
            default:
                faults.Add($"{Setting.LogLevel.Name}: is information, warning or error");
                return LogLevel.Information;
        }
    }
}

/// <summary>Configuration with which the service must not run: every fault, one line each. Exit code 3.</summary>
internal sealed class UnsafeConfigurationException(IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults));
