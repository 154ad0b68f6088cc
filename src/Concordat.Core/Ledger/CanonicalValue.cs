namespace Concordat.Core.Ledger;

/// <summary>
/// A value read from canonical JSON (docs/ledger-format.md): an object's <see cref="Members"/>, an array's
/// <see cref="Items"/>, or a <see cref="Text"/>, <see cref="Number"/> or <see cref="Flag"/>. All others are null.
/// </summary>
internal sealed class CanonicalValue
{
    public IReadOnlyList<KeyValuePair<string, CanonicalValue>>? Members { get; init; }

    public IReadOnlyList<CanonicalValue>? Items { get; init; }

    public string? Text { get; init; }

    public long? Number { get; init; }

    public bool? Flag { get; init; }

    /// <summary>The member of this name; null when there is none or this is no object.</summary>
    public CanonicalValue? this[string name] => Members?.FirstOrDefault(member => member.Key == name).Value;

    /// <summary>The items when all of them are texts; null otherwise.</summary>
    public IReadOnlyList<string>? Texts =>
        Items is not null && Items.All(item => item.Text is not null) ? [.. Items.Select(item => item.Text!)] : null;
}
