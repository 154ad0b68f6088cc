using System.Buffers;
using System.Globalization;
using System.Text;

namespace Concordat.Core.Ledger;

/// <summary>
/// Writes the restricted RFC 8785 form that ledger entries and disclosures use: minimal escapes, UTF-8, no white space,
/// integers only. The caller writes object members in ordinal order of their names.
/// </summary>
internal static class CanonicalJson
{
    public static void WriteString(this IBufferWriter<byte> output, string value)
    {
        output.Write("\""u8);
        var start = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c >= ' ' && c != '"' && c != '\\')
            {
                continue;
            }

            output.WriteText(value.AsSpan(start, i - start));
            output.WriteEscape(c);
            start = i + 1;
        }

        output.WriteText(value.AsSpan(start));
        output.Write("\""u8);
    }

    /// <summary>Writes <c>"name":</c> with a leading comma unless it is the first member. Names are ASCII of the fixed schema.</summary>
    public static void WriteName(this IBufferWriter<byte> output, string name, ref bool first)
    {
        output.Write(first ? "\""u8 : ",\""u8);
        output.WriteText(name);
        output.Write("\":"u8);
        first = false;
    }

    public static void WriteNumber(this IBufferWriter<byte> output, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        value.TryFormat(digits, out var count, default, CultureInfo.InvariantCulture);
        output.Write(digits[..count]);
    }

    private static void WriteText(this IBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        if (text.Length > 0)
        {
            var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
            output.Advance(Encoding.UTF8.GetBytes(text, span));
        }
    }

    private static void WriteEscape(this IBufferWriter<byte> output, char c)
    {
        output.Write(c switch
        {
            '"' => "\\\""u8,
            '\\' => "\\\\"u8,
            '\b' => "\\b"u8,
            '\f' => "\\f"u8,
            '\n' => "\\n"u8,
            '\r' => "\\r"u8,
            '\t' => "\\t"u8,
            _ => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")),
        });
    }
}
