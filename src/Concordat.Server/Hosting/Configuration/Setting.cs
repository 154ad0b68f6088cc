using System.Text;

namespace Concordat.Server.Hosting.Configuration;

/// <summary>One setting of a production deployment: its name in the configuration file and its environment variable.</summary>
internal sealed record Setting(string Name)
{
    public static readonly Setting DataDirectory = new("dataDirectory");
    public static readonly Setting Postgres = new("postgres");
    public static readonly Setting MasterKeyFile = new("masterKeyFile");
    public static readonly Setting LedgerAnchorFile = new("ledgerAnchorFile");
    public static readonly Setting Urls = new("urls");
    public static readonly Setting PublicUrl = new("publicUrl");
    public static readonly Setting TlsCertificateFile = new("tlsCertificateFile");
    public static readonly Setting TlsKeyFile = new("tlsKeyFile");
    public static readonly Setting PlainHttp = new("plainHttp");
    public static readonly Setting Audiences = new("audiences");
    public static readonly Setting Clients = new("clients");
    public static readonly Setting EntraKeysV1 = new("entraKeysV1");
    public static readonly Setting EntraKeysV2 = new("entraKeysV2");
    public static readonly Setting SignInClient = new("signInClient");
    public static readonly Setting SignInSecretFile = new("signInSecretFile");
    public static readonly Setting SignInCertificateFile = new("signInCertificateFile");
    public static readonly Setting SignInKeyFile = new("signInKeyFile");
    public static readonly Setting SignInTenant = new("signInTenant");
    public static readonly Setting SignInAuthority = new("signInAuthority");
    public static readonly Setting SignInAuthContext = new("signInAuthContext");
    public static readonly Setting RequestsPerMinute = new("requestsPerMinute");
    public static readonly Setting CustomerRequestsPerMinute = new("customerRequestsPerMinute");
    public static readonly Setting SmtpHost = new("smtpHost");
    public static readonly Setting SmtpPort = new("smtpPort");
    public static readonly Setting SmtpTls = new("smtpTls");
    public static readonly Setting SmtpTrustFile = new("smtpTrustFile");
    public static readonly Setting SmtpUser = new("smtpUser");
    public static readonly Setting SmtpPasswordFile = new("smtpPasswordFile");
    public static readonly Setting MailFrom = new("mailFrom");
    public static readonly Setting MailSessions = new("mailSessions");
    public static readonly Setting MailUnconfirmed = new("mailUnconfirmed");
    public static readonly Setting LogLevel = new("logLevel");

    /// <summary>Every setting there is, in the order of docs/operations.md.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        DataDirectory, Postgres, MasterKeyFile, LedgerAnchorFile, Urls, PublicUrl, TlsCertificateFile, TlsKeyFile, PlainHttp, Audiences,
        Clients, EntraKeysV1, EntraKeysV2, SignInClient, SignInSecretFile, SignInCertificateFile, SignInKeyFile, SignInTenant, SignInAuthority, SignInAuthContext,
        RequestsPerMinute, CustomerRequestsPerMinute, SmtpHost, SmtpPort, SmtpTls, SmtpTrustFile, SmtpUser, SmtpPasswordFile,
        MailFrom, MailSessions, MailUnconfirmed, LogLevel,
    ];

    /// <summary>What begins the name of every environment variable of ours.</summary>
    public const string Prefix = "CONCORDAT_";

    /// <summary>Variables with our prefix that are not settings: the test suite's own.</summary>
    public const string TestPrefix = "CONCORDAT_TEST_";

    /// <summary>The environment variable: <c>masterKeyFile</c> is <c>CONCORDAT_MASTER_KEY_FILE</c>.</summary>
    public string Variable { get; } = Prefix + Words(Name);

    private static string Words(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            text.Append(char.IsUpper(c) ? $"_{c}" : char.ToUpperInvariant(c));
        }

        return text.ToString();
    }
}
