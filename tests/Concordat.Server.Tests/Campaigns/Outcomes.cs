using Concordat.Core;
using Concordat.Server.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Concordat.Server.Tests.Campaigns;

/// <summary>Compares what was answered with what is stored, once the server is gone.</summary>
internal static class Outcomes
{
    public static Task<Parts> OpenAsync(TestDatabase place) => Parts.OpenAsync(place.Options, NullLoggerFactory.Instance, CancellationToken.None);

    public static async Task CheckAsync(TestDatabase place, Load load, IReadOnlyCollection<CustomerId> customers)
    {
        await using var parts = await OpenAsync(place);
        await parts.Directory.RefreshAsync();
        await CheckAsync(parts, load, customers);
    }

    public static async Task CheckAsync(Parts parts, Load load, IReadOnlyCollection<CustomerId> customers)
    {
        var confirmations = load.All.Where(sent => sent.Kind == "agreements").ToList();
        Assert.All(confirmations, sent => Assert.True(sent.Status is 201 or null, $"{sent.Status} {sent.Answer}"));
        Assert.All(load.All, sent => Assert.True(sent.Status is 201 or 403 or null, $"{sent.Status} {sent.Answer}"));
        var acknowledged = confirmations.Where(sent => sent.Status == 201).CountBy(sent => sent.Customer).ToDictionary();
        var facts = await OrderEvidence.FactsAsync(parts);
        var orders = await OrderEvidence.CheckAsync(parts, customers);
        var accepted = load.AcceptedOrders();
        foreach (var customer in customers)
        {
            Assert.Equal(acknowledged.GetValueOrDefault(customer), facts.GetValueOrDefault(customer));
            Assert.Equal(accepted[customer].Order(), orders[customer].Order());
        }

        await Invariants.CheckAsync(parts);
    }
}
