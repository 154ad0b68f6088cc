using System.Security.Cryptography.X509Certificates;

namespace Concordat.Server.Background.Mails.Smtp;

/// <summary>How the connection is encrypted.</summary>
internal enum SmtpTls
{
    /// <summary>Begins in clear and must become TLS before anything is said (port 587).</summary>
    StartTls,

    /// <summary>TLS from the first byte (port 465).</summary>
    Implicit,

    /// <summary>None, for a relay on the same machine.</summary>
    None,
}

/// <summary>The mail server and how to talk to it.</summary>
/// <param name="Host">Name or address; the certificate must be for it.</param>
/// <param name="Port">TCP port.</param>
/// <param name="Tls">See there.</param>
/// <param name="From">Sender of every mail.</param>
internal sealed record SmtpSettings(string Host, int Port, SmtpTls Tls, string From)
{
    /// <summary>Null to send without signing in.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Certificates that are trusted besides the system's own; null for none.</summary>
    public X509Certificate2Collection? Trusted { get; init; }

    public SmtpTimeouts Timeouts { get; init; } = new();

    public override string ToString() => "SmtpSettings";
}

/// <summary>How long each step may take, by the wall clock. Together they must stay below a claim's lease.</summary>
internal sealed record SmtpTimeouts
{
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Servers that suspect spam let the banner wait on purpose.</summary>
    public TimeSpan Banner { get; init; } = TimeSpan.FromSeconds(45);

    public TimeSpan Command { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>For the reply to the mail as a whole, during which servers scan it.</summary>
    public TimeSpan Content { get; init; } = TimeSpan.FromSeconds(60);
}
