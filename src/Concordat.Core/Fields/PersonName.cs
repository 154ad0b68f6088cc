namespace Concordat.Core.Fields;

/// <summary>
/// A first or last name. Any script, any length from one character on (李, O), and words that look like nothing
/// (<c>Null</c>) are names. Both names are required on the wire: who has one name only gives it as the last name and
/// repeats it, or a dash, as the first.
/// </summary>
public static class PersonName
{
    /// <summary>Limit for a signatory, in UTF-16 code units; Microsoft documents none, the column needs one.</summary>
    public const int MaxLength = 256;

    /// <summary>Limit inside an address, as Partner Center documents it (domain reference, section B).</summary>
    public const int MaxLengthInAddress = 50;

    /// <summary>The name as it came, or <see cref="ProblemCode.InvalidInput"/> for <paramref name="field"/>.</summary>
    public static Outcome<string> Parse(string? text, string field, int maxLength = MaxLength) =>
        SingleLine.Fault(text, maxLength) is { } fault
            ? new Problem(ProblemCode.InvalidInput, $"The name {fault}", field)
            : text!;
}
