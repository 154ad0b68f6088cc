using Concordat.Core.Agreements;
using Concordat.Server.Hosting;
using Concordat.Server.Storage;

namespace Concordat.Server.Acceptance;

/// <summary>What the signatory has to do about the code.</summary>
internal enum CodeStep
{
    /// <summary>No code is asked for.</summary>
    NotNeeded,

    /// <summary>Have one sent.</summary>
    Ask,

    /// <summary>Enter the one that is out.</summary>
    Enter,

    /// <summary>Nothing more: the form carries the proof.</summary>
    Proven,
}

/// <summary>The code that proves the mailbox, as the page sees it.</summary>
internal static class Codes
{
    public static ValueTask<AttestationCodeRow?> FindAsync(Parts parts, Visit visit) =>
        parts.Database.ReadAsync(visit.Partner.Id, tx => AttestationCodeRows.FindAsync(tx, visit.Partner.Id, visit.Id));

    /// <summary>The step for whoever has no proof.</summary>
    public static async ValueTask<CodeStep> StepAsync(Parts parts, Visit visit) =>
        visit.Required != Assurance.Mailbox ? CodeStep.NotNeeded
        : await FindAsync(parts, visit) is { TriesLeft: > 0 } code && parts.Context.Clocks.Wall.GetUtcNow() < code.ExpiresAt ? CodeStep.Enter
        : CodeStep.Ask;
}
