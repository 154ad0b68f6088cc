using Concordat.Core.Policy;
using static Concordat.Core.Tests.Policy.Samples;

namespace Concordat.Core.Tests.Policy;

public sealed class ActionClassifierTests
{
    private static readonly SubscriptionShape Stored = new()
    {
        Quantity = 10,
        TermDuration = "P1Y",
        BillingCycle = "monthly",
        Status = "active",
        AutoRenewEnabled = true,
        FriendlyName = "Mail",
        PartnerId = "4847383",
        CommitmentEndDate = Utc("2026-06-01T10:20:30.1234567"),
        CustomTermEndDate = Utc("2026-06-30"),
        ScheduledNextTermInstructions = new() { ProductId = "CFQ7TTC0LH18", SkuId = "0001", Quantity = 5, BillingCycle = "one_time" },
    };

    public static TheoryData<string, SubscriptionShape, ActionClass[]> Patches() => new()
    {
        { "echo", Stored, [] },
        { "echo in another spelling", Stored with { Status = "Active", BillingCycle = "Monthly", TermDuration = "p1y" }, [] },
        { "echo without fractions of a second", Stored with { CommitmentEndDate = Utc("2026-06-01T10:20:30") }, [] },
        { "echo of instructions in another spelling", Next(n => n with { BillingCycle = "OneTime", PromotionId = "" }), [] },
        { "term members omitted", Stored with { Quantity = null, TermDuration = null, CommitmentEndDate = null, Status = null }, [] },
        { "more seats", Stored with { Quantity = 11 }, [ActionClass.QuantityIncrease] },
        { "fewer seats", Stored with { Quantity = 9 }, [ActionClass.QuantityDecrease] },
        { "term", Stored with { TermDuration = "P3Y" }, [ActionClass.TermChange] },
        { "custom end", Stored with { CustomTermEndDate = Utc("2026-07-31") }, [ActionClass.TermChange] },
        { "earlier end", Stored with { CommitmentEndDate = Utc("2026-01-01") }, [ActionClass.TermChange] },
        { "later end", Stored with { CommitmentEndDate = Utc("2027-06-01") }, [ActionClass.ManualRenewal] },
        { "later end by longer term", Stored with { CommitmentEndDate = Utc("2029-06-01"), TermDuration = "P3Y" }, [ActionClass.TermChange] },
        { "billing plan", Stored with { BillingCycle = "annual" }, [ActionClass.BillingPlanChange] },
        { "suspend", Stored with { Status = "Suspended" }, [ActionClass.Suspend] },
        { "cancel", Stored with { Status = "deleted" }, [ActionClass.Cancel] },
        { "auto-renew off", Stored with { AutoRenewEnabled = false }, [ActionClass.Administrative] },
        { "auto-renew omitted", Stored with { AutoRenewEnabled = null }, [ActionClass.Administrative] },
        { "instructions omitted", Stored with { ScheduledNextTermInstructions = null }, [ActionClass.Administrative] },
        { "instructions: seats", Next(n => n with { Quantity = 6 }), [ActionClass.ScheduledChange] },
        { "instructions: product", Next(n => n with { ProductId = "CFQ7TTC0LCHC" }), [ActionClass.ScheduledChange] },
        { "instructions: term", Next(n => n with { TermDuration = "P3Y" }), [ActionClass.ScheduledChange] },
        { "rename", Stored with { FriendlyName = "Post" }, [ActionClass.Administrative] },
        { "partner of record", Stored with { PartnerId = "1" }, [ActionClass.Administrative] },
        {
            "suspend with more seats", Stored with { Status = "suspended", Quantity = 12 },
            [ActionClass.QuantityIncrease, ActionClass.Suspend]
        },
    };

    [Theory]
    [MemberData(nameof(Patches))]
    public void OfSubscription_APatch_IsTheSetOfItsDifferences(string patch, SubscriptionShape sent, ActionClass[] expected) =>
        Assert.True(expected.Order().SequenceEqual(ActionClassifier.OfSubscription(Stored, sent).Members), patch);

    [Fact]
    public void OfSubscription_SuspendedToActive_IsReactivation() => Assert.Equal(ActionSet.Of(ActionClass.Reactivation),
        ActionClassifier.OfSubscription(Stored with { Status = "suspended" }, Stored));

    [Fact]
    public void OfSubscription_FirstInstructions_IsScheduledChange() => Assert.Equal(ActionSet.Of(ActionClass.ScheduledChange),
        ActionClassifier.OfSubscription(Stored with { ScheduledNextTermInstructions = null }, Stored));

    [Fact]
    public void OfOrder_LinesAndBillingCycle_AreTheDifferences()
    {
        var stored = new OrderShape("monthly", [new(0, "offer-a", 5)]);
        Assert.True(ActionClassifier.OfOrder(stored, new("Monthly", [new(0, "OFFER-A", 5)])).IsEmpty);
        Assert.True(ActionClassifier.OfOrder(stored, new(null, [])).IsEmpty);
        Assert.Equal(ActionSet.Of(ActionClass.AddOn), ActionClassifier.OfOrder(stored, new(null, [new(0, "offer-b", 5, "sub-1")])));
        Assert.Equal(ActionSet.Of(ActionClass.NewPurchase), ActionClassifier.OfOrder(stored, new(null, [new(1, "offer-b", 5)])));
        Assert.Equal(ActionSet.Of(ActionClass.BillingPlanChange), ActionClassifier.OfOrder(stored, new("annual", stored.Lines)));
        Assert.Equal(ActionSet.Of(ActionClass.QuantityIncrease, ActionClass.AddOn),
            ActionClassifier.OfOrder(stored, new(null, [new(0, "offer-a", 6), new(1, "offer-b", 1, "sub-1")])));
        Assert.Equal(ActionSet.Of(ActionClass.QuantityDecrease), ActionClassifier.OfOrder(stored, new(null, [new(0, "offer-a", 4)])));
    }

    private static SubscriptionShape Next(Func<NextTermShape, NextTermShape> change) =>
        Stored with { ScheduledNextTermInstructions = change(Stored.ScheduledNextTermInstructions!) };
}
