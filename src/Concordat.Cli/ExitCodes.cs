using Concordat.Core.Ledger;

namespace Concordat.Cli;

/// <summary>How the program ends: the number of a <see cref="ReceiptCode"/>, or this.</summary>
internal static class ExitCodes
{
    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;
}

/// <summary>Something could not be read.</summary>
internal sealed class UnreadableException(string message) : Exception(message);
