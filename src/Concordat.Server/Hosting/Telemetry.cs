using System.Diagnostics;
using System.Diagnostics.Metrics;
using Concordat.Core;

namespace Concordat.Server.Hosting;

/// <summary>
/// What can be measured, in the framework's own instruments: without a listener a call costs a comparison. Tag values are
/// route templates, statuses, codes and counts, never anything a client or a customer wrote.
/// </summary>
internal static class Telemetry
{
    public const string Name = "Concordat";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> RequestSeconds = Meter.CreateHistogram<double>(
        "concordat.requests", "s", "Requests by method, route template and status.");

    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>(
        "concordat.refusals", "{refusal}", "Refused calls by problem code.");

    private static readonly Histogram<int> BatchSize = Meter.CreateHistogram<int>(
        "concordat.commit.batch", "{operation}", "Operations in one transaction.");

    private static readonly Histogram<double> CommitSeconds = Meter.CreateHistogram<double>(
        "concordat.commit.duration", "s", "One transaction, from its first read to durable.");

    public static void CountRequest(string method, string route, int status, TimeSpan took) => RequestSeconds.Record(
        took.TotalSeconds, new("http.request.method", method), new("http.route", route), new("http.response.status_code", status));

    public static void CountRefusal(ProblemCode code)
    {
        if (Refusals.Enabled)
        {
            Refusals.Add(1, new KeyValuePair<string, object?>("code", code.ToString()));
        }
    }

    /// <summary>Begins the span of a batch; null when nobody traces.</summary>
    public static Activity? StartBatch(int operations) =>
        Source.StartActivity("commit batch")?.SetTag("concordat.operations", operations);

    public static void CountBatch(int operations, TimeSpan took)
    {
        BatchSize.Record(operations);
        CommitSeconds.Record(took.TotalSeconds);
    }

    /// <summary>Adds the gauges, which read the parts of the one server in this process whenever they are collected.</summary>
    public static void Observe(Parts parts, Identity.Authentication authentication)
    {
        Meter.CreateObservableGauge("concordat.queue", () => parts.Context.Loop.Queued, "{operation}", "Operations waiting.");
        Meter.CreateObservableGauge("concordat.standings", () => parts.Context.Standings.Count, "{pair}", "Standings in memory.");
        Meter.CreateObservableGauge("concordat.tokens", () => authentication.RememberedTokens, "{token}", "Validated tokens in memory.");
        Meter.CreateObservableCounter("concordat.signature.checks", () => authentication.SignatureChecks, "{check}", "Token signatures checked.");
    }
}
