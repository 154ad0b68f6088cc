using System.Text;
using Concordat.Core.Fields;

namespace Concordat.Core.Agreements;

/// <summary>
/// Near-duplicates: a person entered again with a letter changed is no duplicate by the documented rule (600061 compares
/// ordinally), but somebody should look at it.
/// </summary>
public static class SimilarSignatory
{
    // Over all four fields together. One typing error costs one, or two where letters are doubled or a prefix is left out;
    // two people of one family differ in name and address, and cost more.
    private const int MostEdits = 2;

    /// <summary>
    /// True when the two are not equal, and as near as a typing error: at most two letters inserted, left out, changed or
    /// swapped with their neighbour. Case, width, blanks, the punctuation of phone numbers and a <c>+tag</c> of the mailbox
    /// count for nothing, names in exchanged order neither, and a phone number on one side only counts for one.
    /// </summary>
    public static bool Resemble(Contact one, Contact other) => one != other && Edits(one, other) <= MostEdits;

    private static int Edits(Contact one, Contact other)
    {
        var (first, last) = (Name(one.FirstName), Name(one.LastName));
        var (otherFirst, otherLast) = (Name(other.FirstName), Name(other.LastName));
        var names = Math.Min(
            Distance(first, otherFirst) + Distance(last, otherLast), Distance(first, otherLast) + Distance(last, otherFirst));
        return names + Distance(Mailbox(one.Email), Mailbox(other.Email)) + Phones(one.PhoneNumber, other.PhoneNumber);
    }

    private static int Phones(string? one, string? other) => (one, other) switch
    {
        (null, null) => 0,
        (null, _) or (_, null) => 1,
        _ => Distance(Digits(one), Digits(other)),
    };

    private static string Name(string name) => string.Concat(Folded(name).Where(c => !char.IsWhiteSpace(c)));

    private static string Digits(string phone) => string.Concat(Folded(phone).Where(char.IsAsciiDigit));

    private static string Mailbox(string email)
    {
        var text = Folded(email);
        var (tag, at) = (text.IndexOf('+', StringComparison.Ordinal), text.LastIndexOf('@'));
        return tag > 0 && tag < at ? text.Remove(tag, at - tag) : text;
    }

    private static string Folded(string text) => text.Normalize(NormalizationForm.FormKC).ToUpperInvariant();

    /// <summary>Edits from one text to the other (optimal string alignment); one more than the most when it is surely more.</summary>
    private static int Distance(string one, string other)
    {
        if (Math.Abs(one.Length - other.Length) > MostEdits)
        {
            return MostEdits + 1;
        }

        var (before, last, next) = (new int[other.Length + 1], new int[other.Length + 1], new int[other.Length + 1]);
        for (var j = 0; j <= other.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= one.Length; i++)
        {
            next[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var changed = last[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
                next[j] = Math.Min(changed, Math.Min(last[j], next[j - 1]) + 1);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    next[j] = Math.Min(next[j], before[j - 2] + 1);
                }
            }

            (before, last, next) = (last, next, before);
        }

        return last[other.Length];
    }
}
