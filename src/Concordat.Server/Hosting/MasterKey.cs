using System.Security.Cryptography;
using System.Text;

namespace Concordat.Server.Hosting;

/// <summary>The key from which every partner's keys are derived: 32 bytes in a file that its owner alone can read.</summary>
internal static class MasterKey
{
    private const int KeyBytes = 32;

    /// <summary>Reads the file, or makes it when <paramref name="create"/> permits; a key that is lost cannot be replaced.</summary>
    public static byte[] Open(string file, bool create, IdSource ids)
    {
        if (File.Exists(file))
        {
            var key = Convert.FromHexString(File.ReadAllText(file).Trim());
            return key.Length == KeyBytes ? key : throw new CryptographicException($"{file} does not hold a key of {KeyBytes} bytes.");
        }

        if (!create)
        {
            throw new FileNotFoundException($"The master key {file} is missing. Restore it from its backup; without it people's data cannot be opened.");
        }

        var made = new byte[KeyBytes];
        ids.Fill(made);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Whole or not at all, and on disk before anything is sealed under it.
        var unfinished = $"{file}.{ids.NewId():N}";
        using (var stream = new FileStream(unfinished, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(made)));
            stream.Flush(flushToDisk: true);
        }

        File.Move(unfinished, file);
        return made;
    }
}
