using System.Security.Cryptography;
using System.Text;
using Concordat.Core;
using Concordat.Core.Ledger;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>Puts the receipt of a record together: the entry, what opens its digests, and its place in the signed tree.</summary>
internal static class Receipts
{
    /// <summary>
    /// The receipt; null while no checkpoint covers the entry. What opens it is left out where the person is gone, or when the
    /// asker may not see people: the proof holds without.
    /// </summary>
    public static async ValueTask<Receipt?> BuildAsync(
        Tx tx, SubjectVault vault, PartnerId partner, CustomerId customer, StoredRecord record, bool withPeople)
    {
        if (record.Index is not { } index || await CheckpointRows.LastAsync(tx) is not { } last || last.Size <= index)
        {
            return null;
        }

        var entry = EntryText.Read(record.Entry) ?? throw new LedgerFaultException($"E_TAMPERED: entry {record.Id} is not what was written");
        var path = await StoredTree.HashAsync(tx, last.Size, TreePath.Inclusion(index, last.Size));
        var disclosures = withPeople ? await OpenAsync(tx, vault, partner, customer, record) : [];
        return new Receipt(record.Entry, disclosures, entry.Documents, null, index, path, SignedNote.Parse(last.Note)!);
    }

    private static async ValueTask<IReadOnlyList<string>> OpenAsync(
        Tx tx, SubjectVault vault, PartnerId partner, CustomerId customer, StoredRecord record)
    {
        if (record.Open is { } open)
        {
            return Lines(open);
        }

        if (record.Sealed is null || record.Subject is not { } id || await SubjectRows.FindAsync(tx, partner, customer, id) is not { } subject)
        {
            return [];
        }

        var key = vault.Unwrap(partner, subject.WrappedKey);
        try
        {
            return Lines(Encoding.ASCII.GetString(SubjectVault.Open(key, record.Sealed)));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
