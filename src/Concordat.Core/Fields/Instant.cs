namespace Concordat.Core.Fields;

/// <summary>
/// Reads <c>yyyy-MM-ddTHH:mm:ss[.f{1,7}][Z|±hh:mm]</c>, a text without zone meaning UTC (Microsoft's import sample sends
/// one; clients reference, rule 5). Written by hand because the framework's parsers depend on culture, take many more
/// spellings, and carry 24:00 and leap seconds into other days.
/// </summary>
public static class Instant
{
    private const int LengthToSeconds = 19;
    private const int MaxFractionDigits = 7;
    private const int MaxOffsetMinutes = 14 * 60;

    /// <summary>True with the instant in UTC. The letters T and Z may be lower case (RFC 3339).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset utc)
    {
        utc = default;
        if (text.Length < LengthToSeconds) return false;
        var separators = text[4] == '-' && text[7] == '-' && text[10] is 'T' or 't' && text[13] == ':' && text[16] == ':';
        if (!separators || !TryTicks(text, out var ticks)) return false;

        var rest = text[LengthToSeconds..];
        if (!TryFraction(ref rest, out var fraction) || !TryOffset(rest, out var offset)) return false;
        ticks += fraction - offset.Ticks;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks) return false;
        utc = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    private static bool TryTicks(ReadOnlySpan<char> text, out long ticks)
    {
        ticks = 0;
        if (!TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day)
            || !TryDigits(text[11..13], out var hour) || !TryDigits(text[14..16], out var minute)
            || !TryDigits(text[17..19], out var second)) return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        if (hour > 23 || minute > 59 || second > 59) return false;
        ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks;
        return true;
    }

    private static bool TryFraction(ref ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        if (rest.IsEmpty || rest[0] != '.') return true;
        var digits = 0;
        while (digits + 1 < rest.Length && char.IsAsciiDigit(rest[digits + 1])) digits++;
        if (digits is < 1 or > MaxFractionDigits) return false;
        for (var i = 1; i <= MaxFractionDigits; i++) ticks = ticks * 10 + (i <= digits ? rest[i] - '0' : 0);
        rest = rest[(digits + 1)..];
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (text.IsEmpty || text is "Z" or "z") return true;
        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':') return false;
        if (!TryDigits(text[1..3], out var hours) || !TryDigits(text[4..6], out var minutes) || minutes > 59) return false;
        var total = hours * 60 + minutes;
        offset = TimeSpan.FromMinutes(text[0] == '-' ? -total : total);
        return total <= MaxOffsetMinutes;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c)) return false;
            value = value * 10 + (c - '0');
        }
        return true;
    }
}
