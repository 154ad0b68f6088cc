using Concordat.Bench.Harness;

namespace Concordat.Bench.Figures;

/// <summary>Orders on SQLite beside E (POST /api/ping with the same body): refused with an audit row, and accepted, durable.</summary>
internal static class OrderCalls
{
    public static async Task<IReadOnlyCollection<Figure>> MeasureAsync(Settings settings)
    {
        var data = settings.NewFolder("orders");
        await Servers.FillAsync(settings, data, settings.Confirmed + settings.NeverConfirmed, settings.Confirmed);
        await using var product = await Servers.ProductAsync(settings, data);
        var match = await Match.RunAsync(settings, "Orders, 64 connections",
        [
            product.Contender("refused", Calls.Order(settings.UnconfirmedOnes, refused: true)),
            product.Contender("accepted", Calls.Order(settings.ConfirmedOnes, refused: false)),
            product.Contender("E", Calls.PingWithOrder),
        ]);
        return
        [
            new("order_refused_vs_empty", match.Ratio("refused", "E"), "ratio", match.Describe("refused", "E")),
            new("order_accepted_vs_empty", match.Ratio("accepted", "E"), "ratio", match.Describe("accepted", "E")),
        ];
    }
}
