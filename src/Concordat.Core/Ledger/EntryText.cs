namespace Concordat.Core.Ledger;

/// <summary>
/// A stored entry as a verifier reads it: its form is checked, and of its content only what a verification needs. Kinds and
/// members that this version does not know are accepted.
/// </summary>
public sealed class EntryText
{
    private readonly CanonicalValue entry;

    private EntryText(CanonicalValue entry, IReadOnlyList<string> digests) => (this.entry, Digests) = (entry, digests);

    /// <summary>The entry's id.</summary>
    public string Id => entry["id"]!.Text!;

    /// <summary>The entry's kind.</summary>
    public string Kind => entry["kind"]!.Text!;

    /// <summary>When it happened, by the policy clock.</summary>
    public string? At => entry["at"]?.Text;

    /// <summary>When it was recorded.</summary>
    public string? Recorded => entry["rec"]?.Text;

    /// <summary>Assurance about who accepted.</summary>
    public string? Level => entry["level"]?.Text;

    /// <summary>Length in bytes of the text that was shown.</summary>
    public long? AgreementLength => entry["agr"]?["len"]?.Number;

    /// <summary>Digests of the salted fields, strictly ascending.</summary>
    public IReadOnlyList<string> Digests { get; }

    /// <summary>What was shown, as far as the entry says it in clear.</summary>
    public IReadOnlyList<ReceiptDocument> Documents =>
        [.. ((string[])["agreement", "statement", "button", "screen"]).Select(name => (Name: name, Sha256: HashOf(name, [])))
            .Where(document => document.Sha256 is not null).Select(document => new ReceiptDocument(document.Name, document.Sha256!))];

    /// <summary>Reads an entry's bytes; null unless they are canonical, not too long, of version 1, with id and kind.</summary>
    public static EntryText? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LedgerEntry.MaxBytes || CanonicalReader.Read(bytes) is not { Members: not null } entry ||
            entry["v"]?.Number != 1 || entry["id"]?.Text is null || entry["kind"]?.Text is null)
        {
            return null;
        }

        if (entry["_sd"] is not { } list)
        {
            return new EntryText(entry, []);
        }

        var ordered = list.Texts is { Count: > 0 } texts && texts.Zip(texts.Skip(1)).All(pair => string.CompareOrdinal(pair.First, pair.Second) < 0);
        return ordered && entry["_sd_alg"]?.Text == "sha-256" ? new EntryText(entry, list.Texts!) : null;
    }

    /// <summary>True for a member that stands in clear.</summary>
    public bool HasMember(string name) => entry[name] is not null;

    /// <summary>The hash that the entry, or a disclosed field of it, holds under a document's name; null when there is none.</summary>
    internal string? HashOf(string name, IReadOnlyList<OpenedDisclosure> opened) => name switch
    {
        "agreement" => entry["agr"]?["sha256"]?.Text,
        "statement" or "button" or "screen" => entry["ui"]?[$"{name}_sha256"]?.Text,
        _ => opened.FirstOrDefault(disclosure => disclosure.Name == name)?.Value,
    };
}
