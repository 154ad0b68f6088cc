using System.Security.Cryptography;

namespace Concordat.Server.Sandbox;

/// <summary>The sandbox issuer's key on disk, so that the tokens in sandbox.json outlive a restart.</summary>
internal static class TokenIssuerKey
{
    private const int KeyBits = 2048;

    /// <summary>Reads the PEM file, or makes a key and writes it for its owner alone. The caller disposes of the key.</summary>
    public static RSA Open(string file)
    {
        var key = RSA.Create(KeyBits);
        if (File.Exists(file))
        {
            key.ImportFromPem(File.ReadAllText(file));
            return key;
        }
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(file, options);
        writer.Write(key.ExportPkcs8PrivateKeyPem());
        return key;
    }
}
