using System.Collections.Frozen;
using System.Text;

namespace Concordat.Core.Fields;

/// <summary>
/// The name of an organisation, by Partner Center's published naming rules (domain reference, section B): no single
/// Latin character, not symbols alone, not a legal form alone. One ideograph is a name.
/// </summary>
public static class CompanyName
{
    /// <summary>In UTF-16 code units.</summary>
    public const int MaxLength = 256;

    // Compared in lower case without blanks and punctuation, so that "G.m.b.H." and "(株)" are found.
    private static readonly FrozenSet<string> LegalForms = FrozenSet.ToFrozenSet(
        [
            "inc", "incorporated", "llc", "llp", "lp", "ltd", "limited", "corp", "corporation", "company", "co", "coltd",
            "plc", "ptyltd", "pteltd", "pvtltd", "gmbh", "gmbhcokg", "ag", "kg", "ohg", "ug", "ev", "sa", "sas", "sarl",
            "spa", "srl", "bv", "nv", "oy", "oyj", "ab", "as", "asa", "aps", "spzoo", "sro", "kft", "zrt", "kk", "ooo",
            "株式会社", "有限会社", "合同会社", "合名会社", "合資会社", "株", "有", "㈱", "㈲", "有限公司", "股份有限公司", "주식회사",
        ], StringComparer.Ordinal);

    /// <summary>The name as it came, or <see cref="ProblemCode.InvalidInput"/> for <paramref name="field"/>.</summary>
    public static Outcome<string> Parse(string? text, string field)
    {
        var fault = SingleLine.Fault(text, MaxLength) ?? NameFault(text!);
        return fault is null ? text! : new Problem(ProblemCode.InvalidInput, $"The company name {fault}", field);
    }

    private static string? NameFault(string text)
    {
        var core = new StringBuilder(text.Length);
        var letters = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune)) letters++;
            if (Rune.IsLetterOrDigit(rune) || rune.Value is '㈱' or '㈲') core.Append(Rune.ToLowerInvariant(rune));
        }
        var name = core.ToString();
        if (LegalForms.Contains(name)) return "must be more than a legal form.";
        if (letters == 0) return "must hold a letter or a digit.";
        return name.Length == 1 && IsLatinOrDigit(name[0]) ? "must be more than one character." : null;
    }

    private static bool IsLatinOrDigit(char c) => c is <= '\u024F' or >= '\uFF10' and <= '\uFF5A';
}
