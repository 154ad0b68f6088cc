using System.Globalization;

namespace Concordat.Server.Tests.Campaigns;

/// <summary>How long the campaigns run, and the seed of their random choices.</summary>
internal static class Campaign
{
    /// <summary>True for <c>./test --full</c>.</summary>
    public static bool Full { get; } = Environment.GetEnvironmentVariable("CONCORDAT_TEST_FULL") == "1";

    public static int Count(int quick, int full) => Full ? full : quick;

    /// <summary>
    /// A seed, new each time unless CONCORDAT_TEST_SEED says which. It is written to the test's output, which is shown when the
    /// test fails.
    /// </summary>
    public static Random NewRandom()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CONCORDAT_TEST_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var said)
            ? said
            : (int)(TimeProvider.System.GetTimestamp() & int.MaxValue);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"CONCORDAT_TEST_SEED={seed}"));
        return new Random(seed);
    }
}
