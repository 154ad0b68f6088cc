using System.Security.Cryptography;

namespace Concordat.Core.Ledger;

/// <summary>What a verification says.</summary>
/// <param name="Code">The first check that failed, or <see cref="ReceiptCode.Ok"/>.</param>
/// <param name="Place">What exactly failed, in words.</param>
/// <param name="Receipt">The receipt; null when it could not be read.</param>
/// <param name="Facts">What the entry says; null until the entry was checked.</param>
public sealed record Verdict(ReceiptCode Code, string Place, Receipt? Receipt = null, EntryFacts? Facts = null);

/// <summary>What a checked entry says in clear, and what the disclosures at hand open.</summary>
/// <param name="Id">The entry's id.</param>
/// <param name="Kind">What happened.</param>
/// <param name="At">When, by the policy clock; null where the kind has none.</param>
/// <param name="Recorded">When it was recorded; null where the kind has none.</param>
/// <param name="Level">Assurance about who accepted.</param>
/// <param name="Opened">The fields that are disclosed.</param>
/// <param name="Withheld">How many digests nothing opens: the values are not shown, or erased.</param>
public sealed record EntryFacts(
    string Id, string Kind, string? At, string? Recorded, string? Level, IReadOnlyList<OpenedDisclosure> Opened, int Withheld);

/// <summary>Checks a time stamp over the signed bytes of a checkpoint; true when a configured authority made it, and not before the record.</summary>
public delegate bool TimeStampCheck(byte[] token, ReadOnlySpan<byte> signedBytes, string? recorded);

/// <summary>
/// Verifies receipts offline, in the order of docs/ledger-format.md: the first check that fails gives the code.
/// <paramref name="timeStamps"/> is null when no authority is configured.
/// </summary>
public sealed class ReceiptVerifier(LedgerPolicy policy, TimeStampCheck? timeStamps = null)
{
    /// <summary>Verifies the bytes of a receipt, and that each of <paramref name="documents"/> is one that its entry names.</summary>
    public Verdict Verify(ReadOnlySpan<byte> file, params IReadOnlyList<byte[]> documents)
    {
        if (Receipt.Parse(file) is not { } receipt)
        {
            return new Verdict(ReceiptCode.Format, "the file is not spelled as a receipt is");
        }

        var checkpoint = receipt.Note.Checkpoint;
        var signed = NoteVerifier.Check(receipt.Note, policy);
        if (signed != ReceiptCode.Ok)
        {
            return new Verdict(signed, $"the checkpoint of {checkpoint.Origin} at size {checkpoint.Size}", receipt);
        }

        if (!MerkleProof.Includes(receipt.Index, checkpoint.Size, LeafHash.Of(receipt.Entry), receipt.Path, checkpoint.Root))
        {
            return new Verdict(ReceiptCode.Path, $"entry {receipt.Index} is not in the tree of size {checkpoint.Size}", receipt);
        }

        if (EntryText.Read(receipt.Entry) is not { } entry)
        {
            return new Verdict(ReceiptCode.Entry, $"entry {receipt.Index} is not in its canonical form", receipt);
        }

        return CheckContent(receipt, entry, documents);
    }

    private Verdict CheckContent(Receipt receipt, EntryText entry, IReadOnlyList<byte[]> documents)
    {
        if (Open(entry, receipt.Disclosures) is not { } opened)
        {
            return new Verdict(ReceiptCode.Disclosure, $"a disclosure does not belong to entry {receipt.Index}", receipt);
        }

        var facts = new EntryFacts(entry.Id, entry.Kind, entry.At, entry.Recorded, entry.Level, opened, entry.Digests.Count - opened.Count);
        if (!receipt.Documents.All(document => entry.HashOf(document.Name, opened) == document.Sha256) ||
            !documents.All(document => IsDocument(entry, opened, document)))
        {
            return new Verdict(ReceiptCode.Document, $"a document is not one of entry {receipt.Index}", receipt, facts);
        }

        return receipt.TimeStamp is { } token && timeStamps?.Invoke(token, receipt.Note.Checkpoint.ToBytes(), entry.Recorded) != true
            ? new Verdict(ReceiptCode.TimeStamp, "the time stamp is not one of a configured authority", receipt, facts)
            : new Verdict(ReceiptCode.Ok, $"entry {receipt.Index} of {receipt.Note.Checkpoint.Size}", receipt, facts);
    }

    private static List<OpenedDisclosure>? Open(EntryText entry, IReadOnlyList<string> disclosures)
    {
        var opened = new List<OpenedDisclosure>();
        var digests = new HashSet<string>();
        foreach (var text in disclosures)
        {
            var digest = Disclosure.DigestOf(text);
            if (!entry.Digests.Contains(digest) || !digests.Add(digest) || OpenedDisclosure.Read(text) is not { } disclosure ||
                disclosure.Name == "..." || entry.HasMember(disclosure.Name) || opened.Exists(other => other.Name == disclosure.Name))
            {
                return null;
            }

            opened.Add(disclosure);
        }

        return opened;
    }

    private static bool IsDocument(EntryText entry, List<OpenedDisclosure> opened, byte[] document)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(document));
        return entry.HashOf("agreement", opened) == sha256
            ? entry.AgreementLength is null || entry.AgreementLength == document.Length
            : entry.HashOf("statement", opened) == sha256 || entry.HashOf("button", opened) == sha256 ||
              entry.HashOf("screen", opened) == sha256 || opened.Exists(disclosure => disclosure.Value == sha256);
    }
}
