using System.Buffers;
using System.Globalization;

namespace Concordat.Core.Ledger;

/// <summary>
/// Reads JSON that is written in the one form of <see cref="CanonicalJson"/> and nothing else: UTF-8, no white space, members
/// in ascending order with ASCII names, the shortest escapes, integers of less than 2^53, no null.
/// </summary>
internal ref struct CanonicalReader
{
    /// <summary>Containers in each other at most, the outermost one counted.</summary>
    public const int MaxDepth = 4;

    private const long NumberLimit = 1L << 53;

    private readonly ReadOnlySpan<byte> json;
    private int at;

    private CanonicalReader(ReadOnlySpan<byte> json) => this.json = json;

    /// <summary>The value, or null for any other spelling.</summary>
    public static CanonicalValue? Read(ReadOnlySpan<byte> json)
    {
        if (StrictText.Text(json) is null)
        {
            return null;
        }

        var reader = new CanonicalReader(json);
        return reader.TakeValue(0) is { } value && reader.at == json.Length ? value : null;
    }

    private CanonicalValue? TakeValue(int depth) => Peek() switch
    {
        (byte)'{' when depth < MaxDepth => TakeObject(depth + 1),
        (byte)'[' when depth < MaxDepth => TakeArray(depth + 1),
        (byte)'"' => TakeString() is { } text ? new CanonicalValue { Text = text } : null,
        (byte)'t' => Take("true"u8) ? new CanonicalValue { Flag = true } : null,
        (byte)'f' => Take("false"u8) ? new CanonicalValue { Flag = false } : null,
        _ => TakeNumber(),
    };

    private CanonicalValue? TakeObject(int depth)
    {
        var members = new List<KeyValuePair<string, CanonicalValue>>();
        at++;
        if (Take("}"u8))
        {
            return new CanonicalValue { Members = members };
        }

        do
        {
            if (TakeString() is not { } name || !name.All(c => c is >= ' ' and < '\x7f' and not '"' and not '\\') ||
                (members.Count > 0 && string.CompareOrdinal(members[^1].Key, name) >= 0) || !Take(":"u8) ||
                TakeValue(depth) is not { } value)
            {
                return null;
            }

            members.Add(new(name, value));
        }
        while (Take(","u8));
        return Take("}"u8) ? new CanonicalValue { Members = members } : null;
    }

    private CanonicalValue? TakeArray(int depth)
    {
        var items = new List<CanonicalValue>();
        at++;
        if (Take("]"u8))
        {
            return new CanonicalValue { Items = items };
        }

        do
        {
            if (TakeValue(depth) is not { } item)
            {
                return null;
            }

            items.Add(item);
        }
        while (Take(","u8));
        return Take("]"u8) ? new CanonicalValue { Items = items } : null;
    }

    /// <summary>Takes a string by finding its end, reading the escapes, and writing it again: only the shortest form comes out the same.</summary>
    private string? TakeString()
    {
        if (Peek() != '"')
        {
            return null;
        }

        var end = at + 1;
        while (end < json.Length && json[end] != '"')
        {
            end += json[end] == '\\' ? 2 : 1;
        }

        if (end >= json.Length)
        {
            return null;
        }

        var raw = json[at..(end + 1)];
        at = end + 1;
        if (Unescape(StrictText.Text(raw[1..^1])) is not { } text)
        {
            return null;
        }

        var again = new ArrayBufferWriter<byte>(raw.Length);
        again.WriteString(text);
        return again.WrittenSpan.SequenceEqual(raw) ? text : null;
    }

    private static string? Unescape(string? text)
    {
        if (text is null || !text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new System.Text.StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }

            i++;
            if (text[i] == 'u')
            {
                if (i + 4 >= text.Length || !ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
                {
                    return null;
                }

                plain.Append((char)code);
                i += 4;
                continue;
            }

            // A character that has no short escape stands for itself here; written again it loses its backslash.
            plain.Append(text[i] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', var c => c });
        }

        return plain.ToString();
    }

    private CanonicalValue? TakeNumber()
    {
        var start = at;
        _ = Take("-"u8);
        while (Peek() is >= '0' and <= '9')
        {
            at++;
        }

        var digits = System.Text.Encoding.ASCII.GetString(json[start..at]);
        return digits.Length is > 0 and <= 17 && long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) &&
            number is > -NumberLimit and < NumberLimit && number.ToString(CultureInfo.InvariantCulture) == digits
                ? new CanonicalValue { Number = number }
                : null;
    }

    private readonly int Peek() => at < json.Length ? json[at] : -1;

    private bool Take(ReadOnlySpan<byte> word)
    {
        if (!json[at..].StartsWith(word))
        {
            return false;
        }

        at += word.Length;
        return true;
    }
}
