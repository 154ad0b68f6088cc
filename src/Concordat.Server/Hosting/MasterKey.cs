using System.Text;

namespace Concordat.Server.Hosting;

/// <summary>The key from which every partner's keys are derived: 32 bytes in a file that its owner alone can read.</summary>
internal static class MasterKey
{
    private const int KeyBytes = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>What is wrong with the file, in one line that does not repeat its content; null when it can be used.</summary>
    public static string? FaultOf(string file, bool mayBeMissing)
    {
        if (!File.Exists(file))
        {
            return mayBeMissing
                ? null
                : $"{file} is missing; restore it from its backup (for a new deployment: migrate --create-key)";
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ~OwnerOnly) != 0)
        {
            return $"{file} can be used by others than its owner; chmod 600 it";
        }

        try
        {
            return Convert.FromHexString(File.ReadAllText(file).Trim()).Length == KeyBytes
                ? null
                : $"{file} does not hold {KeyBytes} bytes";
        }
        catch (FormatException)
        {
            return $"{file} does not hold a key in hexadecimal";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{file} cannot be read";
        }
    }

    /// <summary>Reads the file, or makes it when <paramref name="create"/> permits; a key that is lost cannot be replaced.</summary>
    public static byte[] Open(string file, bool create, IdSource ids)
    {
        if (FaultOf(file, mayBeMissing: create) is { } fault)
        {
            throw new Configuration.UnsafeConfigurationException([$"master key: {fault}"]);
        }

        if (File.Exists(file))
        {
            return Convert.FromHexString(File.ReadAllText(file).Trim());
        }

        var made = new byte[KeyBytes];
        ids.Fill(made);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
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
