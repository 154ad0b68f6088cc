using System.Globalization;
using Concordat.Bench.Harness;

namespace Concordat.Bench.Figures;

/// <summary>
/// Time from the start of the process to the first 200 of both /health/ready and a pre-check, less the time of an empty
/// ASP.NET Core app; and resident memory after ten idle seconds beside that app's. SQLite, every customer with a stored standing.
/// </summary>
internal static class StartUps
{
    private const long Few = 1_000;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    private sealed record Started(double Seconds, double ReadySeconds, double Bytes);

    public static async Task<IReadOnlyCollection<Figure>> MeasureAsync(Settings settings)
    {
        var many = settings.Quick ? 100_000 : 1_000_000;
        var (small, large) = (settings.NewFolder("start-few"), settings.NewFolder("start-many"));
        await Servers.FillAsync(settings, small, Few, 0, standings: true);
        await Servers.FillAsync(settings, large, many, 0, standings: true);
        // The first start writes sandbox.json; its tokens stay good for the port that they were made for.
        var (fewPort, manyPort) = (await FirstStartAsync(settings, small), await FirstStartAsync(settings, large));
        var (empty, few, lots) = (new List<Started>(), new List<Started>(), new List<Started>());
        for (var round = 0; round <= settings.Rounds; round++)
        {
            empty.Add(await StartAsync(settings, settings.Folder, Child.FreePort(), null));
            few.Add(await StartAsync(settings, small, fewPort, Servers.TokenIn(small)));
            lots.Add(await StartAsync(settings, large, manyPort, Servers.TokenIn(large)));
        }

        // The first start of each reads its files from the disk.
        foreach (var list in (List<Started>[])[empty, few, lots])
        {
            list.RemoveAt(0);
        }

        Console.WriteLine("Starts: " + string.Join("; ", Describe("empty app", empty), Describe("1,000 customers", few), Describe($"{many} customers", lots)));
        var zero = Numbers.Median(empty.Select(one => one.Seconds));
        return
        [
            new("start_1k_extra_s", Numbers.Median(few.Select(one => one.Seconds)) - zero, "s", $"{Describe("1,000", few)}; {Describe("empty", empty)}"),
            new("start_1m_extra_s", Numbers.Median(lots.Select(one => one.Seconds)) - zero, "s", $"{Describe("1,000,000", lots)}; {Describe("empty", empty)}"),
            new("idle_memory_vs_empty", Numbers.Median(few.Select(one => one.Bytes)) / Numbers.Median(empty.Select(one => one.Bytes)), "ratio",
                $"{Describe("1,000", few)}; {Describe("empty", empty)}"),
        ];
    }

    private static async Task<int> FirstStartAsync(Settings settings, string data)
    {
        await using var product = await Servers.ProductAsync(settings, data);
        return product.Process.Port;
    }

    /// <summary>Starts the product on <paramref name="data"/>, or the empty app when there is no token.</summary>
    private static async Task<Started> StartAsync(Settings settings, string data, int port, string? token)
    {
        string[] args = token is null
            ? [Paths.Bench, "empty", "--port", Servers.Text(port)]
            : [Paths.Product, "sandbox", "--port", Servers.Text(port), "--data", data];
        await using var child = Child.Start(Path.Combine(data, "start.log"), port, "dotnet", args);
        var ready = await child.AnswersAsync("/health/ready", null, settings.Cancel);
        var answered = token is null
            ? ready
            : await child.AnswersAsync(Calls.PrecheckPath.Replace("{id}", "c0c0c0c0-0000-7000-8000-000000000000", StringComparison.Ordinal), token, settings.Cancel);
        await Task.Delay(settings.Quick ? TimeSpan.FromSeconds(1) : Idle, settings.Cancel);
        return new Started(answered.TotalSeconds, ready.TotalSeconds, child.ResidentBytes);
    }

    private static string Describe(string name, List<Started> starts) => string.Create(CultureInfo.InvariantCulture,
        $"{name}: ready {Numbers.Median(starts.Select(one => one.ReadySeconds)):F3} s, first answer {Numbers.Median(starts.Select(one => one.Seconds)):F3} s, {Numbers.Median(starts.Select(one => one.Bytes)) / (1 << 20):F0} MiB");
}
