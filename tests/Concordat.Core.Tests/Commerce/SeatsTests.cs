using Concordat.Core.Commerce;

namespace Concordat.Core.Tests.Commerce;

public class SeatsTests
{
    [Theory]
    [InlineData(0, 10, true)]
    [InlineData(6, 1, true)]
    [InlineData(7, 9, false)]
    [InlineData(300, 9, false)]
    [InlineData(300, 11, true)]
    public void Set_DaysAfterPurchase_TakesOnlyWhatIsRefundable(int days, int quantity, bool taken)
    {
        var outcome = Seats.Set(Samples.Ten, quantity, Samples.Bought.AddDays(days));

        Assert.Equal(taken ? null : ProblemCode.RefundWindowClosed, outcome.Problem?.Code);
        Assert.Equal(taken ? quantity : 10, taken ? outcome.Value.Quantity : Samples.Ten.Quantity);
    }

    [Fact]
    public void Set_MoreThenFewer_GivesBackTheNewestFirst()
    {
        var later = Samples.Bought.AddDays(30);

        var grown = Seats.Set(Samples.Ten, 14, later).Value;
        var back = Seats.Set(grown, 11, later.AddDays(1)).Value;
        var tooMany = Seats.Set(back, 9, later.AddDays(2));

        Assert.Equal([new SeatIncrease(1, later.AddDays(7))], back.Increases);
        Assert.Equal(ProblemCode.RefundWindowClosed, tooMany.Problem?.Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_000_001)]
    public void Set_NoQuantity_IsRefused(int quantity) =>
        Assert.Equal(ProblemCode.InvalidInput, Seats.Set(Samples.Ten, quantity, Samples.Bought).Problem?.Code);
}
