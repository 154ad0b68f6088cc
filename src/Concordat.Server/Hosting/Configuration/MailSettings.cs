using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Concordat.Server.Background.Mails;
using Concordat.Server.Background.Mails.Smtp;

namespace Concordat.Server.Hosting.Configuration;

/// <summary>The settings of mail (docs/operations.md). Encryption is required unless said otherwise, and never left to the server.</summary>
internal static class MailSettings
{
    private const int MostSessions = 64;

    /// <summary>The mail server, or null when no host is named; a fault then if anything else about it is.</summary>
    public static SmtpSettings? ServerIn(SettingTexts texts, List<string> faults)
    {
        if (texts[Setting.SmtpHost] is not { } host)
        {
            Setting[] others = [Setting.SmtpPort, Setting.SmtpTls, Setting.SmtpTrustFile, Setting.SmtpUser, Setting.SmtpPasswordFile, Setting.MailFrom];
            faults.AddRange(others.Where(other => texts[other] is not null).Select(other => $"{other.Name}: means nothing without {Setting.SmtpHost.Name}"));
            return null;
        }

        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            faults.Add($"{Setting.SmtpHost.Name}: is a host name or an IP address");
        }

        var tls = TlsIn(texts, faults);
        var from = texts[Setting.MailFrom] is { } address ? MailAddresses.ForServers(address) : null;
        if (from is null || !System.Text.Ascii.IsValid(from))
        {
            faults.Add($"{Setting.MailFrom.Name}: is the address that mails come from, name@example.com in ASCII");
        }

        var port = Settings.NumberIn(texts, Setting.SmtpPort, tls switch { SmtpTls.StartTls => 587, SmtpTls.Implicit => 465, _ => 25 }, 1, 65535, faults);
        return new SmtpSettings(host, port, tls, from ?? "")
        {
            User = UserIn(texts, tls, faults),
            Password = PasswordIn(texts, faults),
            Trusted = TrustedIn(texts, faults),
        };
    }

    /// <summary>How many sessions, and how many mails a kill may double.</summary>
    public static MailPace PaceIn(SettingTexts texts, List<string> faults)
    {
        var usual = new MailPace();
        return usual with
        {
            Sessions = Settings.NumberIn(texts, Setting.MailSessions, usual.Sessions, 1, MostSessions, faults),
            Unconfirmed = Settings.NumberIn(texts, Setting.MailUnconfirmed, usual.Unconfirmed, 1, MostSessions, faults),
        };
    }

    /// <summary>The server behind <c>HOST:PORT</c>, in clear, as a sandbox's test tool listens; null for anything else.</summary>
    public static SmtpSettings? ForSandbox(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && Uri.CheckHostName(text[..colon]) != UriHostNameType.Unknown
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
                ? new SmtpSettings(text[..colon], port, SmtpTls.None, "no-reply@concordat.invalid")
                : null;
    }

    private static SmtpTls TlsIn(SettingTexts texts, List<string> faults)
    {
        switch (texts[Setting.SmtpTls])
        {
            case null or "starttls": return SmtpTls.StartTls;
            case "implicit": return SmtpTls.Implicit;
            case "none": return SmtpTls.None;
            default:
                faults.Add($"{Setting.SmtpTls.Name}: is starttls, implicit or none");
                return SmtpTls.StartTls;
        }
    }

    private static string? UserIn(SettingTexts texts, SmtpTls tls, List<string> faults)
    {
        var user = texts[Setting.SmtpUser];
        if ((user is null) != (texts[Setting.SmtpPasswordFile] is null))
        {
            faults.Add($"{Setting.SmtpUser.Name}: goes with {Setting.SmtpPasswordFile.Name}");
        }

        if (user is not null && tls == SmtpTls.None)
        {
            faults.Add($"{Setting.SmtpUser.Name}: would send the password unencrypted; use TLS");
        }

        return user;
    }

    private static string? PasswordIn(SettingTexts texts, List<string> faults)
    {
        try
        {
            return texts[Setting.SmtpPasswordFile] is { } file ? File.ReadAllText(file).TrimEnd('\r', '\n') : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{Setting.SmtpPasswordFile.Name}: cannot be read");
            return null;
        }
    }

    private static X509Certificate2Collection? TrustedIn(SettingTexts texts, List<string> faults)
    {
        if (texts[Setting.SmtpTrustFile] is not { } file)
        {
            return null;
        }

        var trusted = new X509Certificate2Collection();
        try
        {
            trusted.ImportFromPemFile(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            // The count says it.
        }

        if (trusted.Count == 0)
        {
            faults.Add($"{Setting.SmtpTrustFile.Name}: holds no certificate in PEM");
        }

        return trusted;
    }
}
