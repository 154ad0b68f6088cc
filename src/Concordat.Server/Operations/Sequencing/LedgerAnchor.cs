using System.Text;
using Concordat.Core.Ledger;

namespace Concordat.Server.Operations.Sequencing;

/// <summary>
/// The last published checkpoint, kept in a file outside the database: a database that is behind it has forgotten something.
/// Null <paramref name="file"/> means that the operator has waived this.
/// </summary>
internal sealed class LedgerAnchor(string? file)
{
    /// <summary>The note; null when there is none yet.</summary>
    /// <exception cref="Storage.LedgerFaultException">The file cannot be read or is no note.</exception>
    public SignedNote? Read()
    {
        if (file is null || !File.Exists(file))
        {
            return null;
        }

        try
        {
            return SignedNote.Parse(File.ReadAllBytes(file)) ?? throw new Storage.LedgerFaultException($"E_ANCHOR: {file} is not a checkpoint");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new Storage.LedgerFaultException($"E_ANCHOR: {file} cannot be read");
        }
    }

    /// <summary>Replaces the note: whole or not at all, and on disk when this returns.</summary>
    public void Write(string note)
    {
        if (file is null)
        {
            return;
        }

        var unfinished = $"{file}.new";
        using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
        {
            stream.Write(Encoding.UTF8.GetBytes(note));
            stream.Flush(flushToDisk: true);
        }

        File.Move(unfinished, file, overwrite: true);
    }
}
