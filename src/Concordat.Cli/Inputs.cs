using Concordat.Core.Ledger;

namespace Concordat.Cli;

/// <summary>Reads what the commands are given.</summary>
internal static class Inputs
{
    /// <exception cref="UnreadableException">The file cannot be read.</exception>
    public static byte[] Bytes(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableException($"{file} cannot be read");
        }
    }

    /// <summary>The policy, or null with the fault.</summary>
    public static (LedgerPolicy? Policy, string Fault) Policy(string file) =>
        LedgerPolicy.Parse(System.Text.Encoding.UTF8.GetString(Bytes(file))).TryGetValue(out var policy, out var problem) ? (policy, "") : (null, problem.Message);
}
