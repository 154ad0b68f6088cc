using System.Globalization;

namespace Concordat.Bench.Harness;

/// <summary>The customers that a load names, by number. <c>Each</c> is used one after the other and never twice.</summary>
internal sealed class Range(long first, long count, bool each = false)
{
    private long used;

    public bool Each => each;

    public long First => first + used;

    public long Count => count - used;

    /// <summary>Moves behind what a round has used up.</summary>
    public void Use(long requests)
    {
        used += each ? requests : 0;
        if (used >= count)
        {
            throw new BenchException("The customers of the fill are used up: the rates are higher than the fill was made for.");
        }
    }
}

/// <summary>One kind of call, as wrk with bench/lua/call.lua makes it.</summary>
/// <param name="Method">GET or POST; a POST carries a request id of its own.</param>
/// <param name="Path">With <c>{id}</c> where the customer goes.</param>
/// <param name="Connections">Connections that are always busy.</param>
/// <param name="Customers">Whom it is about.</param>
/// <param name="Body">With <c>{n}</c> where a number goes that differs per customer.</param>
/// <param name="Refused">Every answer is expected to be a refusal; otherwise none.</param>
internal sealed record Load(string Method, string Path, int Connections, Range Customers, string? Body = null, bool Refused = false)
{
    private const double MicrosPerSecond = 1e6;

    /// <summary>Runs it for <paramref name="seconds"/>; fails when answers are other than expected.</summary>
    public async Task<Round> RunAsync(string url, string? token, Func<TimeSpan> cpu, int seconds, CancellationToken cancel)
    {
        var numbers = CultureInfo.InvariantCulture;
        (string, string)[] environment =
        [
            ("CALL_METHOD", Method), ("CALL_PATH", Path), ("CALL_HOST", new Uri(url).Authority), ("CALL_TOKEN", token ?? ""),
            ("CALL_BODY", Body ?? ""), ("CALL_FIRST", Customers.First.ToString(numbers)), ("CALL_COUNT", Customers.Count.ToString(numbers)),
            ("CALL_ORDER", Customers.Each ? "each" : "random"), ("CALL_RUN", Random.Shared.Next().ToString("x8", numbers)),
        ];
        string[] args =
        [
            "-t1", $"-c{Connections.ToString(numbers)}", $"-d{seconds.ToString(numbers)}s", "--timeout", "10s", "-s", Paths.LoadScript, url,
        ];
        var before = cpu();
        var result = await Tool.ResultAsync("wrk", args, environment, cancel);
        var used = cpu() - before;
        var (requests, micros, refused, broken) = (result[0], result[1], result[2], result[3]);
        Customers.Use((long)requests + (2 * Connections));
        if (broken > 0 || refused != (Refused ? requests : 0))
        {
            throw new BenchException($"{Method} {Path}: of {requests} answers {refused} were refusals, and {broken} connections broke.");
        }

        return new Round(requests / micros * MicrosPerSecond, used.TotalMicroseconds / Math.Max(1, requests), result[4] / 1000, result[5] / 1000);
    }
}

/// <summary>What one round showed.</summary>
/// <param name="Rate">Answers per second.</param>
/// <param name="CpuMicros">Processor time of the server (and its database) per answer, in microseconds.</param>
/// <param name="MedianMs">Median latency in milliseconds.</param>
/// <param name="P99Ms">99th percentile of the latency in milliseconds.</param>
internal sealed record Round(double Rate, double CpuMicros, double MedianMs = 0, double P99Ms = 0);
