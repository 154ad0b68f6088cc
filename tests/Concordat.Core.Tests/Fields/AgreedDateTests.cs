using System.Globalization;
using Concordat.Core.Fields;
using FsCheck;
using FsCheck.Fluent;

namespace Concordat.Core.Tests.Fields;

public class AgreedDateTests
{
    private static readonly DateTimeOffset Now = new(2028, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    // What real clients send (clients reference, rule 5).
    [InlineData("2025-11-03T04:05:06Z", "2025-11-03T04:05:06.000Z")]
    [InlineData("2025-11-03T04:05:06.789Z", "2025-11-03T04:05:06.789Z")]
    [InlineData("2025-11-03T04:05:06.8736088Z", "2025-11-03T04:05:06.873Z")]
    [InlineData("2025-11-03T04:05:06.07973Z", "2025-11-03T04:05:06.079Z")]
    [InlineData("2025-11-03T04:05:06.0478862+00:00", "2025-11-03T04:05:06.047Z")]
    [InlineData("2025-11-03T04:05:06", "2025-11-03T04:05:06.000Z")]
    // Good values that look odd.
    [InlineData("2028-02-29T00:00:00Z", "2028-02-29T00:00:00.000Z")]
    [InlineData("2025-11-03T04:05:06+14:00", "2025-11-02T14:05:06.000Z")]
    [InlineData("2025-11-03T04:05:06-14:00", "2025-11-03T18:05:06.000Z")]
    [InlineData("2025-11-03T04:05:06+05:45", "2025-11-02T22:20:06.000Z")]
    [InlineData("2025-11-03t04:05:06z", "2025-11-03T04:05:06.000Z")]
    [InlineData("2025-03-30T02:30:00", "2025-03-30T02:30:00.000Z")]
    [InlineData("2028-06-02T01:00:00+14:00", "2028-06-01T11:00:00.000Z")]
    [InlineData("2018-08-06T00:00:00Z", "2018-08-06T00:00:00.000Z")]
    public void Parse_GoodValue_IsTheInstant(string text, string expected) =>
        Assert.Equal(expected, Iso(Parse(text).Value));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("2023-02-29T00:00:00Z")]
    [InlineData("2025-13-01T00:00:00Z")]
    [InlineData("2025-00-01T00:00:00Z")]
    [InlineData("2025-11-00T00:00:00Z")]
    [InlineData("2025-11-03T24:00:00Z")]
    [InlineData("2025-11-03T23:59:60Z")]
    [InlineData("2025-11-03T23:60:00Z")]
    [InlineData("2025-11-03T04:05:06+14:01")]
    [InlineData("2025-11-03T04:05:06+25:00")]
    [InlineData("2025-11-03T04:05:06+09")]
    [InlineData("2025-11-03T04:05:06+0900")]
    [InlineData("2025-11-03T04:05:06.12345678Z")]
    [InlineData("2025-11-03T04:05:06.1234567890Z")]
    [InlineData("2025-11-03T04:05:06.Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    [InlineData("10000-01-01T00:00:00Z")]
    [InlineData("+12345-01-01T00:00:00Z")]
    [InlineData("令和8年1月5日")]
    [InlineData("２０２５-11-03T04:05:06Z")]
    [InlineData("03/04/2025")]
    [InlineData("45000")]
    [InlineData("1762142706000")]
    [InlineData("2025-11-03")]
    [InlineData("2025-11-03 04:05:06Z")]
    [InlineData("2025-11-03T04:05Z")]
    [InlineData(" 2025-11-03T04:05:06Z")]
    [InlineData("2025-11-03T04:05:06Z\n")]
    [InlineData("2009-12-31T23:59:59.9999999Z")]
    public void Parse_BadValue_IsInvalidDateAgreed(string? text)
    {
        var problem = Parse(text).Problem;
        Assert.Equal(ProblemCode.InvalidDateAgreed, problem!.Code);
        Assert.Equal("dateAgreed", problem.Field);
    }

    [Fact]
    public void Parse_BadValue_IsNotEchoed() => Assert.Equal(Parse("hanako@secret.example").Problem, Parse("45000").Problem);

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Parse_AroundTheSkew_TheBoundaryItselfIsAccepted(int offsetMs, bool accepted)
    {
        var text = Iso((Now + AgreedDate.DefaultSkew).ToUnixTimeMilliseconds() + offsetMs);
        Assert.Equal(accepted, Parse(text).Problem is null);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void Parse_AroundTheFloor_TheBoundaryItselfIsAccepted(int offsetMs, bool accepted)
    {
        var text = Iso(AgreedDate.DefaultFloor.ToUnixTimeMilliseconds() + offsetMs);
        Assert.Equal(accepted, Parse(text).Problem is null);
    }

    [Fact]
    public void Parse_AnyInstantInAnyZone_RoundTrips()
    {
        var instants = Gen.Choose(0, int.MaxValue).Select(n => AgreedDate.DefaultFloor.AddTicks(n * 2_700_000L));
        var zones = Gen.Choose(-14 * 60, 14 * 60);
        Prop.ForAll(instants.Zip(zones, (at, zone) => at.ToOffset(TimeSpan.FromMinutes(zone))).ToArbitrary(), at =>
        {
            var text = at.ToString("yyyy-MM-ddTHH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture);
            return Parse(text).Value == at.ToUnixTimeMilliseconds();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Parse_ClockAtTheEndOfTime_StillDecides() => Assert.Null(AgreedDate.Parse(
        "2025-11-03T04:05:06Z", DateTimeOffset.MaxValue, AgreedDate.DefaultSkew, AgreedDate.DefaultFloor).Problem);

    [Fact]
    public void Parse_UnderAnotherCalendar_IsTheSame()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("th-TH");
            Assert.Equal("2025-11-03T04:05:06.000Z", Iso(Parse("2025-11-03T04:05:06Z").Value));
            Assert.Contains("2010-01-01", Parse("2009-01-01T00:00:00Z").Problem!.Message, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static Outcome<long> Parse(string? text) =>
        AgreedDate.Parse(text, Now, AgreedDate.DefaultSkew, AgreedDate.DefaultFloor);

    private static string Iso(long unixMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
