using Concordat.Core.Commerce;

namespace Concordat.Core.Tests.Commerce;

internal static class Samples
{
    public static readonly DateTimeOffset Bought = new(2026, 1, 31, 3, 0, 0, 500, TimeSpan.Zero);

    public static readonly Subscription Ten = new(
        Guid.Parse("0b5f9f6a-0000-4000-8000-000000000001"), Guid.Parse("0b5f9f6a-0000-4000-8000-000000000002"),
        "CFQ7TTC0LH18:0001:CFQ7TTC0K971", "Microsoft 365 Business Basic", "Front desk", 10, "active", AutoRenewEnabled: true, IsTrial: false,
        "annual", "P1Y", Bought, Bought, Bought.AddYears(1), "4200001", null, null, [new SeatIncrease(10, Bought.AddDays(7))]);
}
