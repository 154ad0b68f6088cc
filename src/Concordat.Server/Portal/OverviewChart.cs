using System.Globalization;
using Concordat.Core.Policy;

namespace Concordat.Server.Portal;

/// <summary>One bar of the chart, in the units of its drawing.</summary>
/// <param name="State">Which state it counts.</param>
/// <param name="X">Left edge.</param>
/// <param name="Height">In proportion to the count; at least one unit for one customer.</param>
/// <param name="Count">Number of customers.</param>
internal sealed record ChartBar(Prospect State, int X, int Height, long Count)
{
    public int Y => OverviewChart.Floor - Height;

    /// <summary>Where its number stands.</summary>
    public int Middle => X + (OverviewChart.BarWidth / 2);
}

/// <summary>Where everything of the overview's chart is drawn: for each date one bar per state, side by side.</summary>
internal sealed class OverviewChart(IReadOnlyList<StateCounts> counts)
{
    public const int BarWidth = 34;
    public const int Floor = 150;
    public const int Height = Floor + 45;

    private const int Gap = 6;
    private const int ColumnWidth = 150;
    private const int Highest = 120;

    private static readonly Prospect[] States = Enum.GetValues<Prospect>();

    public int Width => counts.Count * ColumnWidth;

    public string ViewBox => string.Create(CultureInfo.InvariantCulture, $"0 0 {Width} {Height}");

    public static int MiddleOf(int column) => (column * ColumnWidth) + (ColumnWidth / 2);

    public static int EdgeOf(int column) => column * ColumnWidth;

    public IEnumerable<ChartBar> BarsOf(int column)
    {
        var most = Math.Max(1, counts.Max(at => States.Max(at.Of)));
        var left = MiddleOf(column) - (((States.Length * (BarWidth + Gap)) - Gap) / 2);
        return States.Select((state, at) =>
        {
            var count = counts[column].Of(state);
            return new ChartBar(state, left + (at * (BarWidth + Gap)), count == 0 ? 0 : Math.Max(1, (int)(count * Highest / most)), count);
        });
    }
}
