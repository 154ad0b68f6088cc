using System.Collections;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Concordat.Server.Hosting.Configuration;

namespace Concordat.Server.Tests.Hosting.Configuration;

/// <summary>A sound production deployment in a directory of its own, for tests to break.</summary>
internal sealed class Deployment : IDisposable
{
    public Deployment()
    {
        WriteKey(new string('a', 64));
        Environment["PATH"] = "/bin";
        Environment["CONCORDAT_LEDGER_ANCHOR_FILE"] = "none";
    }

    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("concordat-deployment-").FullName;

    public Hashtable Environment { get; } = [];

    public string KeyFile => Path.Combine(DataDirectory, "master.key");

    public string ConfigFile => Path.Combine(DataDirectory, "concordat.json");

    public string CertificateFile => Path.Combine(DataDirectory, "tls.pem");

    public void WriteKey(string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        File.WriteAllText(KeyFile, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(KeyFile, mode);
        }
    }

    /// <summary>Writes the configuration file and names it on the command line from now on.</summary>
    public void WriteConfig(string json) => File.WriteAllText(ConfigFile, json);

    /// <summary>A self-signed certificate with its key in one PEM file.</summary>
    public void WriteCertificate(DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=concordat.example", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(notAfter.AddYears(-1), notAfter);
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
    }

    public Settings Read(params string[] more)
    {
        string[] config = File.Exists(ConfigFile) ? ["--config", ConfigFile] : [];
        return Settings.Read(CommandLine.Parse(["serve", "--data", DataDirectory, .. config, .. more]), Environment, TimeProvider.System);
    }

    /// <summary>The lines with which it is refused.</summary>
    public string[] Faults(params string[] more) =>
        Assert.Throws<UnsafeConfigurationException>(() => Read(more)).Message.Split(System.Environment.NewLine);

    public void Dispose() => Directory.Delete(DataDirectory, recursive: true);
}
