using System.Globalization;

namespace Concordat.Bench.Harness;

/// <summary>Reads Linux's <c>/proc</c>.</summary>
internal static class ProcessTable
{
    // USER_HZ, the unit of the times in /proc/PID/stat; 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>User and system time of a process and those of its children that have ended.</summary>
    public static TimeSpan CpuOf(int id) => Fields(id) is { } fields
        ? TimeSpan.FromSeconds(Enumerable.Range(11, 4).Sum(i => double.Parse(fields[i], CultureInfo.InvariantCulture)) / TicksPerSecond)
        : TimeSpan.Zero;

    /// <summary>The same for a process and all its living children: PostgreSQL has one per connection.</summary>
    public static TimeSpan CpuOfFamily(int parent)
    {
        var name = parent.ToString(CultureInfo.InvariantCulture);
        var total = CpuOf(parent);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Fields(id) is { } fields && fields[1] == name)
            {
                total += CpuOf(id);
            }
        }

        return total;
    }

    public static long ResidentBytesOf(int id)
    {
        var line = File.ReadLines($"/proc/{id}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>What follows the name in parentheses: state, parent, ...; null when the process is gone.</summary>
    private static string[]? Fields(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
