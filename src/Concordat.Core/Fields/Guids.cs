namespace Concordat.Core.Fields;

/// <summary>
/// Ids in paths and bodies. One spelling only, 8-4-4-4-12 hexadecimal digits in either case, so that two texts that name
/// the same id differ in case at most; the framework's parsers also take blanks, braces, parentheses and no hyphens.
/// </summary>
public static class Guids
{
    private const int Length = 36;

    /// <summary>False as well for the id of all zeros, which is what a client sends that has none.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Guid id)
    {
        id = default;
        if (text.Length != Length) return false;
        for (var i = 0; i < Length; i++)
        {
            var hyphen = i is 8 or 13 or 18 or 23;
            if (hyphen ? text[i] != '-' : !char.IsAsciiHexDigit(text[i])) return false;
        }
        id = Guid.ParseExact(text, "D");
        return id != Guid.Empty;
    }

    /// <summary>The id, or a problem of the given code (a path's customer id has its own).</summary>
    public static Outcome<Guid> Parse(string? text, string? field, ProblemCode code = ProblemCode.InvalidInput) =>
        TryParse(text, out var id)
            ? id
            : new Problem(code, "Not an id: 32 hexadecimal digits, hyphenated 8-4-4-4-12, not all zero, are expected.", field);
}
