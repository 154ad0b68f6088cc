using Concordat.Core.Commerce;
using FsCheck;
using FsCheck.Fluent;

namespace Concordat.Core.Tests.Commerce;

public class RenewalTests
{
    [Theory]
    [InlineData(-1, 2027)]
    [InlineData(0, 2028)]
    [InlineData(1, 2028)]
    public void Advance_AroundTheEnd_RenewsFromTheEndOn(int milliseconds, int endsIn)
    {
        var after = Renewal.Advance(Samples.Ten, Samples.Ten.TermEnd!.Value.AddMilliseconds(milliseconds));

        Assert.Equal(endsIn, after.TermEnd!.Value.Year);
        Assert.Equal("active", after.Status);
    }

    [Fact]
    public void Advance_ManyTermsLater_RenewsUntilTheEndLiesAhead()
    {
        var now = Samples.Bought.AddYears(9).AddDays(2);

        var after = Renewal.Advance(Samples.Ten, now);

        Assert.Equal((Samples.Bought.AddYears(9), Samples.Bought.AddYears(10)), (after.TermStart, after.TermEnd));
        Assert.Equal(10, Seats.Refundable(after, now).Sum(increase => increase.Quantity));
        Assert.Equal(after, Renewal.Advance(after, now));
    }

    [Fact]
    public void Advance_Scheduled_IsAppliedOnceAtTermEnd()
    {
        var scheduled = Samples.Ten with { Scheduled = new ScheduledTerm("CFQ7TTC0LCHC", "0002", null, "monthly", "P1M", null, 3, null) };

        var after = Renewal.Advance(scheduled, scheduled.TermEnd!.Value);

        Assert.Equal(("CFQ7TTC0LCHC:0002:CFQ7TTC0K971", 3, "monthly", "P1M"), (after.Offer, after.Quantity, after.BillingCycle, after.TermDuration));
        Assert.Equal(scheduled.TermEnd.Value.AddMonths(1), after.TermEnd);
        Assert.Null(after.Scheduled);
    }

    [Fact]
    public void Advance_AnyDayOfPurchase_TermsBeginWhereCountingFromItSays() =>
        Prop.ForAll(Gen.Choose(0, 2000).Zip(Gen.Choose(1, 60)).Zip(Gen.Elements("P1M", "P1Y", "P3Y")).ToArbitrary(), drawn =>
        {
            var ((days, terms), duration) = drawn;
            var bought = new DateTimeOffset(2024, 1, 1, 9, 30, 0, TimeSpan.Zero).AddDays(days);
            var months = duration switch { "P1M" => 1, "P1Y" => 12, _ => 36 };
            var first = Samples.Ten with { TermDuration = duration, TermStart = bought, TermEnd = Terms.End(duration, bought) };
            var now = bought.AddMonths(months * terms);

            var stepwise = first;
            for (var i = 1; i <= terms; i++)
            {
                stepwise = Renewal.Advance(stepwise, bought.AddMonths(months * i));
            }

            var atOnce = Renewal.Advance(first, now);
            return (atOnce.TermStart, atOnce.TermEnd) == (now, bought.AddMonths(months * (terms + 1)))
                && (stepwise.TermStart, stepwise.TermEnd, stepwise.AnchorDay) == (atOnce.TermStart, atOnce.TermEnd, atOnce.AnchorDay);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Advance_MonthlyFromThe31st_ReturnsToThe31st()
    {
        var monthly = Samples.Ten with { TermDuration = "P1M", TermEnd = Terms.End("P1M", Samples.Bought) };
        var days = Enumerable.Range(1, 5).Select(month => Renewal.Advance(monthly, Samples.Bought.AddMonths(month)).TermStart.Day);
        Assert.Equal([28, 31, 30, 31, 30], days);
    }

    [Fact]
    public void Advance_EndWasMoved_LaterTermsBeginOnItsDay()
    {
        var february = Renewal.Advance(Samples.Ten with { TermDuration = "P1M", TermEnd = Terms.End("P1M", Samples.Bought) }, Samples.Bought.AddMonths(1));
        var moved = february with { TermEnd = february.TermStart.AddDays(12) };

        var after = Renewal.Advance(moved, moved.TermEnd!.Value);

        Assert.Equal((12, 12, null), (after.TermStart.Day, after.TermEnd!.Value.Day, after.AnchorDay));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Advance_NoAutoRenewalOrTrial_Expires(bool autoRenew, bool trial)
    {
        var ending = Samples.Ten with { AutoRenewEnabled = autoRenew, IsTrial = trial };

        Assert.Equal("expired", Renewal.Advance(ending, ending.TermEnd!.Value).Status);
        Assert.Equal("active", Renewal.Advance(ending, ending.TermEnd!.Value.AddMilliseconds(-1)).Status);
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("expired")]
    public void Advance_Ended_StaysEnded(string status)
    {
        var ended = Samples.Ten with { Status = status };

        Assert.Same(ended, Renewal.Advance(ended, DateTimeOffset.MaxValue));
    }

    [Fact]
    public void Advance_EndOfTime_Ends() =>
        Assert.True(Renewal.Advance(Samples.Ten with { TermDuration = "P3Y" }, DateTimeOffset.MaxValue).TermEnd > Samples.Bought.AddYears(7000));
}
