using System.Globalization;

namespace Concordat.Bench.Harness;

/// <summary>One side of a comparison: runs a round of so many seconds.</summary>
internal sealed record Contender(string Name, Func<int, CancellationToken, Task<Round>> RunAsync);

/// <summary>Runs contenders in turn, A B C A B C ..., after a warm-up of each, and keeps the medians of their rounds.</summary>
internal sealed class Match
{
    private readonly Dictionary<string, Round> medians = [];

    private Match()
    {
    }

    /// <summary>Median round of a contender.</summary>
    public Round this[string name] => medians[name];

    public static async Task<Match> RunAsync(Settings settings, string title, IReadOnlyList<Contender> contenders)
    {
        Console.WriteLine($"{title}:");
        var rounds = contenders.ToDictionary(contender => contender.Name, _ => new List<Round>());
        for (var number = 0; number <= settings.Rounds; number++)
        {
            foreach (var contender in contenders)
            {
                var round = await contender.RunAsync(settings.Seconds, settings.Cancel);
                // Round 0 warms up: the runtime compiles hot code again with what it has learnt.
                if (number > 0)
                {
                    if (round.Rate == 0)
                    {
                        throw new BenchException($"{title}: {contender.Name} answered nothing within a round; make the rounds longer.");
                    }

                    rounds[contender.Name].Add(round);
                }
            }
        }

        var match = new Match();
        foreach (var (name, all) in rounds)
        {
            var round = new Round(
                Numbers.Median(all.Select(one => one.Rate)), Numbers.Median(all.Select(one => one.CpuMicros)),
                Numbers.Median(all.Select(one => one.MedianMs)), Numbers.Median(all.Select(one => one.P99Ms)));
            match.medians.Add(name, round);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {name,-22}{round.Rate,10:F0}/s ({all.Min(one => one.Rate):F0}..{all.Max(one => one.Rate):F0}) {round.CpuMicros,8:F1} us CPU  median {round.MedianMs:F2} ms  p99 {round.P99Ms:F2} ms"));
        }

        return match;
    }

    /// <summary>Ratio of two rates.</summary>
    public double Ratio(string one, string other) => this[one].Rate / this[other].Rate;

    /// <summary>Rates and CPU per request of the named contenders, for the table.</summary>
    public string Describe(params string[] names) => string.Join("; ", names.Select(name => string.Create(
        CultureInfo.InvariantCulture, $"{name} {this[name].Rate:N0}/s, {this[name].CpuMicros:F0} µs")));
}

/// <summary>Small arithmetic.</summary>
internal static class Numbers
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
