using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Concordat.Server.Tests.Background.Mails;

/// <summary>A certificate authority made for one test, and the files from which its mail server takes key and certificate.</summary>
internal sealed class MailCertificates : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("concordat-mail-").FullName;
    private readonly X509Certificate2 root = Root();
    private int made;

    /// <summary>How the mail server learns of the files.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["MAIL_CERT"] = Path.Combine(directory, "cert.pem"),
        ["MAIL_KEY"] = Path.Combine(directory, "key.pem"),
    };

    /// <summary>What a client has to trust; without the key.</summary>
    public X509Certificate2Collection Trusted => [X509CertificateLoader.LoadCertificate(root.RawData)];

    /// <summary>A good certificate for 127.0.0.1.</summary>
    public void WriteGood() => Write(IPAddress.Loopback, root, days: 5);

    public void WriteExpired() => Write(IPAddress.Loopback, root, days: -1);

    public void WriteForAnotherName() => Write(IPAddress.Parse("127.0.0.2"), root, days: 5);

    public void WriteOfAStranger()
    {
        using var stranger = Root();
        Write(IPAddress.Loopback, stranger, days: 5);
    }

    public void Dispose()
    {
        root.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private static X509Certificate2 Root()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Mail test root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-20), now.AddDays(20));
    }

    private void Write(IPAddress address, X509Certificate2 issuer, int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mail.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(issuer, now.AddDays(-10), now.AddDays(days), [1, (byte)++made]);
        File.WriteAllText(Environment["MAIL_CERT"], certificate.ExportCertificatePem());
        File.WriteAllText(Environment["MAIL_KEY"], key.ExportPkcs8PrivateKeyPem());
    }
}
