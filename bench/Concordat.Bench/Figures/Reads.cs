using System.Text;
using Concordat.Bench.Harness;

namespace Concordat.Bench.Figures;

/// <summary>The confirmations of a random customer that has one, 32 connections.</summary>
internal static class Reads
{
    /// <summary>On SQLite beside R, which answers as many bytes.</summary>
    public static async Task<IReadOnlyCollection<Figure>> BesideRawAsync(Settings settings)
    {
        var data = settings.NewFolder("read");
        await Servers.FillAsync(settings, data, settings.Confirmed, settings.Confirmed);
        await using var product = await Servers.ProductAsync(settings, data);
        var answer = await Calls.SampleAsync(product, Calls.AgreementsPath, settings.Cancel);
        await using var raw = await Servers.PeerAsync(settings, "raw", "/", "--bytes", Servers.Text(Encoding.UTF8.GetByteCount(answer)));
        var match = await Match.RunAsync(settings, "Confirmations of one customer on SQLite, 32 connections",
        [
            product.Contender("read", Calls.Read(settings.ConfirmedOnes)), raw.Of("R", Calls.Fixed("/")),
        ]);
        return [new("read_vs_raw", match.Ratio("read", "R"), "ratio", match.Describe("read", "R"))];
    }

    /// <summary>On PostgreSQL beside the same read through EF Core on the same PostgreSQL.</summary>
    public static async Task<IReadOnlyCollection<Figure>> BesideEfAsync(Settings settings)
    {
        await using var cluster = await Cluster.StartAsync(settings, "read-postgres");
        var data = settings.NewFolder("read-pg");
        await Servers.FillAsync(settings, data, settings.Confirmed, settings.Confirmed, cluster.Connection("concordat"));
        await using var product = await Servers.ProductAsync(settings, data, cluster);
        await using var textbook = await Confirmations.TextbookAsync(settings, cluster);
        var match = await Match.RunAsync(settings, "Confirmations of one customer on PostgreSQL, 32 connections",
        [
            product.Contender("read", Calls.Read(settings.ConfirmedOnes)),
            Confirmations.Textbook(textbook, cluster, Calls.Read(settings.ConfirmedOnes)) with { Name = "EF" },
        ]);
        return [new("read_vs_ef", match.Ratio("read", "EF"), "ratio", match.Describe("read", "EF"))];
    }
}
