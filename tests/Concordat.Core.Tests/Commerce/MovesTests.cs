using Concordat.Core.Commerce;

namespace Concordat.Core.Tests.Commerce;

public class MovesTests
{
    private const string Premium = "CFQ7TTC0LCHC:0002:CFQ7TTC0ABCD";
    private static readonly DateTimeOffset Now = Samples.Bought.AddDays(3);

    [Theory]
    [InlineData(null, "deleted", 10, 10)]
    [InlineData(10, "deleted", 10, 10)]
    [InlineData(4, "active", 6, 4)]
    public void ToNew_Seats_AreNeitherLostNorDoubled(int? quantity, string status, int left, int moved)
    {
        var outcome = Moves.ToNew(Samples.Ten, new MoveRequest(Premium, quantity, null, null), Guid.NewGuid(), Samples.Ten.OrderId, Now).Value;

        Assert.Equal((status, left), (outcome.Source.Status, outcome.Source.Quantity));
        Assert.Equal((Premium, "active", moved), (outcome.Target.Offer, outcome.Target.Status, outcome.Target.Quantity));
        Assert.Equal(Samples.Ten.TermEnd, outcome.Target.TermEnd);
        Assert.True(Seats.Refundable(outcome.Source, Now).Concat(Seats.Refundable(outcome.Target, Now)).Sum(one => one.Quantity) <= 10);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public void ToNew_MoreSeatsThanThereAre_IsRefused(int quantity) => Assert.Equal(ProblemCode.InvalidInput,
        Moves.ToNew(Samples.Ten, new MoveRequest(Premium, quantity, null, null), Guid.NewGuid(), Guid.NewGuid(), Now).Problem?.Code);

    [Fact]
    public void ToExisting_OfThatItem_Grows()
    {
        var target = Samples.Ten with { Id = Guid.NewGuid(), Offer = Premium };

        var moved = Moves.ToExisting(Samples.Ten, target, new MoveRequest(Premium, 3, null, null), Now).Value;

        Assert.Equal((7, 13), (moved.Source.Quantity, moved.Target.Quantity));
    }

    [Theory]
    [InlineData("CFQ7TTC0LH18:0001:CFQ7TTC0K971TRIAL", "CFQ7TTC0LH18:0001:CFQ7TTC0K971")]
    [InlineData("CFQ7TTC0LH18:0001:TRIAL", "CFQ7TTC0LH18:0001:CONCORDAT001")]
    public void Convert_Trial_BecomesItsPaidForm(string trial, string paid)
    {
        var stored = Samples.Ten with { Offer = trial, IsTrial = Offers.IsTrial(trial), TermDuration = "P1M", AutoRenewEnabled = false };

        var converted = Moves.Convert(stored, new MoveRequest(Offers.PaidFormOf(trial), null, null, null), Now).Value;

        Assert.Equal((paid, false, true, Now.AddYears(1)), (converted.Offer, converted.IsTrial, converted.AutoRenewEnabled, converted.TermEnd!.Value));
        Assert.Equal(stored.Id, converted.Id);
    }

    [Fact]
    public void Convert_NoTrial_IsRefused() => Assert.Equal(ProblemCode.StateConflict,
        Moves.Convert(Samples.Ten, new MoveRequest(Premium, null, null, null), Now).Problem?.Code);
}
