using Concordat.Core.Commerce;
using Concordat.Core.Policy;
using FsCheck;
using FsCheck.Fluent;

namespace Concordat.Core.Tests.Commerce;

public class SubscriptionChangeTests
{
    private static readonly DateTimeOffset Now = Samples.Bought.AddDays(3);

    private static readonly Gen<Subscription> Subscriptions =
        from quantity in Gen.Choose(1, 1000)
        from status in Gen.Elements("active", "suspended", "deleted", "expired")
        from cycle in Gen.Elements("monthly", "annual", "one_time", "triennial", "none")
        from term in Gen.Elements("P1M", "P1Y", "P3Y", null)
        from autoRenew in Gen.Elements(true, false)
        from name in Gen.Elements("Front desk", "ひので", "x")
        from partner in Gen.Elements("4200001", null)
        from next in Gen.Elements(null, new ScheduledTerm("CFQ7TTC0LCHC", "0002", null, "one_time", "P3Y", null, 4, Samples.Bought.AddYears(2)))
        select Samples.Ten with
        {
            Quantity = quantity,
            Status = status,
            BillingCycle = cycle,
            TermDuration = term,
            TermEnd = Terms.End(term, Samples.Bought),
            AutoRenewEnabled = autoRenew,
            FriendlyName = name,
            PartnerIdOnRecord = partner,
            Scheduled = next,
        };

    /// <summary>What client libraries make of a resource: words in their spelling, dates without fractions, members left out.</summary>
    private static readonly Gen<Func<SubscriptionShape, SubscriptionShape>> Echoes = Gen.Elements<Func<SubscriptionShape, SubscriptionShape>>(
        shape => shape,
        shape => shape with { BillingCycle = shape.BillingCycle?.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant() },
        shape => shape with { TermDuration = null, Status = null, BillingCycle = null, FriendlyName = null, PartnerId = null },
        shape => shape with { CommitmentEndDate = Whole(shape.CommitmentEndDate), CustomTermEndDate = null },
        shape => shape with { CommitmentEndDate = null, CustomTermEndDate = Whole(shape.CustomTermEndDate), Quantity = null });

    [Fact]
    public void Apply_AnyEcho_ChangesNothing() => Prop.ForAll(
        Subscriptions.SelectMany(stored => Echoes.Select(echo => (stored, echo))).ToArbitrary(),
        pair =>
        {
            var shape = SubscriptionChange.ShapeOf(pair.stored);
            var sent = pair.echo(shape);
            var actions = ActionClassifier.OfSubscription(shape, sent);
            return actions.IsEmpty && ReferenceEquals(pair.stored, SubscriptionChange.Apply(pair.stored, sent, actions, Now).Value);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Apply_NullAutoRenewalAndInstructions_TurnsOffAndDeletes()
    {
        var stored = Samples.Ten with { Scheduled = new ScheduledTerm(null, null, null, null, null, null, 4, null) };

        var changed = Apply(stored, shape => shape with { AutoRenewEnabled = null, ScheduledNextTermInstructions = null }).Value;

        Assert.False(changed.AutoRenewEnabled);
        Assert.Null(changed.Scheduled);
    }

    [Fact]
    public void Apply_AnotherTerm_StartsItNow()
    {
        var changed = Apply(Samples.Ten, shape => shape with { TermDuration = "P3Y" }).Value;

        Assert.Equal(("P3Y", Now, Now.AddYears(3)), (changed.TermDuration, changed.TermStart, changed.TermEnd));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(1, true)]
    [InlineData(2000, true)]
    [InlineData(2200, false)]
    public void Apply_AnotherEnd_LiesAheadAndNotTooFar(int days, bool taken)
    {
        var end = Now.AddDays(days);

        var outcome = Apply(Samples.Ten, shape => shape with { CommitmentEndDate = end });

        Assert.Equal(taken ? null : ProblemCode.InvalidInput, outcome.Problem?.Code);
        Assert.Equal(taken, outcome.Problem is null && outcome.Value.TermEnd == end);
    }

    [Theory]
    [InlineData("active", "suspended", "suspended", null)]
    [InlineData("suspended", "active", "active", null)]
    [InlineData("active", "deleted", "deleted", null)]
    [InlineData("deleted", "active", null, ProblemCode.StateConflict)]
    [InlineData("expired", "suspended", null, ProblemCode.StateConflict)]
    [InlineData("active", "expired", null, ProblemCode.InvalidInput)]
    [InlineData("active", "pending", null, ProblemCode.InvalidInput)]
    public void Apply_Status_GoesWhereItCan(string from, string to, string? becomes, ProblemCode? refusal)
    {
        var outcome = Apply(Samples.Ten with { Status = from }, shape => shape with { Status = to });

        Assert.Equal(refusal, outcome.Problem?.Code);
        Assert.Equal(becomes, outcome.Problem is null ? outcome.Value.Status : null);
    }

    private static Outcome<Subscription> Apply(Subscription stored, Func<SubscriptionShape, SubscriptionShape> change)
    {
        var shape = SubscriptionChange.ShapeOf(stored);
        var sent = change(shape);
        return SubscriptionChange.Apply(stored, sent, ActionClassifier.OfSubscription(shape, sent), Now);
    }

    private static DateTimeOffset? Whole(DateTimeOffset? date) => date is { } d ? d.AddTicks(-(d.Ticks % TimeSpan.TicksPerSecond)) : null;
}
