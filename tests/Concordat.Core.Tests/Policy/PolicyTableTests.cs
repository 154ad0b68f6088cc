using System.Globalization;
using Concordat.Core.Agreements;
using Concordat.Core.Policy;

namespace Concordat.Core.Tests.Policy;

public sealed class PolicyTableTests
{
    private const int MostLines = 60;

    private static readonly PolicyTable Table = new(Path.Combine(AppContext.BaseDirectory, "Golden", "policy-table.txt"));

    private static readonly Dictionary<string, Standing> Standings = new(StringComparer.Ordinal)
    {
        ["none"] = Standing.None,
        ["cloud"] = Standing.None with { Flags = StandingFlags.CloudConfirmed },
        ["stale"] = Attested("2023-03-31T23:59:59.999Z", StandingFlags.None),
        ["current"] = Attested("2023-04-01T00:00:00Z", StandingFlags.None),
        ["direct"] = Standing.None with { DirectVersion = 1, Flags = StandingFlags.AcceptedDirectly },
        ["direct+stale"] = Attested("2023-03-31T23:59:59.999Z", StandingFlags.AcceptedDirectly) with { DirectVersion = 1 },
        ["cloud+stale"] = Attested("2023-03-31T23:59:59.999Z", StandingFlags.CloudConfirmed),
        ["refused"] = Attested("2023-04-01T00:00:00Z", StandingFlags.Refused),
        ["disputed+current"] = Attested("2023-04-01T00:00:00Z", StandingFlags.Disputed),
        ["disputed+stale"] = Attested("2023-03-31T23:59:59.999Z", StandingFlags.Disputed),
        ["national"] = Standing.None with { Flags = StandingFlags.NationalCloud },
    };

    private static readonly string[] Actions = [.. Enum.GetNames<ActionClass>(), "AzurePlan"];

    [Fact]
    public void Table_HasAtMostSixtyLines_EachWithASource()
    {
        Assert.InRange(Table.Lines.Count, 1, MostLines);
        Assert.All(Table.Lines, line => Assert.Contains('"', line.Source));
    }

    [Fact]
    public void Decide_EveryCellOfTheTable_AnswersAsItsFirstLine()
    {
        var used = new HashSet<int>();
        var wrong = new List<string>();
        var instants = Instants().ToArray();
        foreach (var (standing, action, channel, environment) in Cells())
        {
            foreach (var at in instants)
            {
                var line = Table.Lines.FirstOrDefault(l => l.Matches(standing, action, channel, environment, at));
                var cell = $"{standing} | {action} | {channel} | {environment} | {at:O}";
                if (line is null)
                {
                    wrong.Add($"{cell}: no line covers it");
                    continue;
                }
                used.Add(line.Number);
                var answer = Ask(standing, action, channel, environment, at);
                if (answer != line.Verdict) wrong.Add($"{cell}: line {line.Number} says {line.Verdict}, the gate {answer}");
            }
        }
        Assert.Empty(wrong.Take(20));
        Assert.Empty(Table.Lines.Where(l => !used.Contains(l.Number)).Select(l => $"line {l.Number} decides nothing"));
    }

    private static string Ask(string standing, string action, string channel, string environment, DateTimeOffset at)
    {
        var azurePlan = action == "AzurePlan";
        var decision = Gate.Decide(new GateQuestion(Standings[standing],
            azurePlan ? ActionClass.NewPurchase : Enum.Parse<ActionClass>(action), Enum.Parse<Channel>(channel),
            Enum.Parse<PartnerEnvironment>(environment), at, Switches.Default,
            azurePlan ? "DZH318Z0BPS6" : "CFQ7TTC0LH18"), PolicyTimeline.BuiltIn);
        return decision.Refusal is { } code ? ((int)code).ToString(CultureInfo.InvariantCulture) : "permit";
    }

    private static IEnumerable<(string Standing, string Action, string Channel, string Environment)> Cells() =>
        from standing in Standings.Keys
        from action in Actions
        from channel in Enum.GetNames<Channel>()
        from environment in Enum.GetNames<PartnerEnvironment>()
        select (standing, action, channel, environment);

    /// <summary>Around every boundary of the table, and around dates of section D that must not matter to the gate.</summary>
    private static IEnumerable<DateTimeOffset> Instants()
    {
        string[] without = ["2018-08-07", "2019-10-01", "2020-03-31", "2023-04-01", "2024-10-07", "2026-01-05", "2030-01-01"];
        return Table.Boundaries.Concat(without.Select(d => DateTimeOffset.Parse(d + "T00:00:00Z", CultureInfo.InvariantCulture)))
            .Distinct().SelectMany(d => new[] { d.AddMilliseconds(-1), d, d.AddMilliseconds(1) });
    }

    private static Standing Attested(string dateAgreed, StandingFlags flags) =>
        new(DateTimeOffset.Parse(dateAgreed, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), 1, 0, flags);
}
