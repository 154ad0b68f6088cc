namespace Concordat.Bench.Harness;

/// <summary>How a run was asked for.</summary>
/// <param name="Only">The figure that is wanted; null for all.</param>
/// <param name="Quick">Show that everything runs; results stay out of the repository.</param>
/// <param name="Rounds">Rounds per contender, five at least unless quick.</param>
/// <param name="Seconds">Length of a round.</param>
/// <param name="Folder">Directory of this run's data and logs; removed at the end.</param>
/// <param name="Cancel">Set when the run is interrupted.</param>
internal sealed record Settings(string? Only, bool Quick, int Rounds, int Seconds, string Folder, CancellationToken Cancel)
{
    // More than any confirmation rate that two cores could reach: what a round may use up.
    private const long MostPerSecond = 20_000;

    /// <summary>Customers with one confirmation each.</summary>
    public long Confirmed => Quick ? 2_000 : 50_000;

    /// <summary>Customers that stay without one.</summary>
    public long NeverConfirmed => Quick ? 2_000 : 20_000;

    /// <summary>Customers for confirmations, each used once, for so many contenders that confirm.</summary>
    public long ToConfirm => (Rounds + 1) * Seconds * MostPerSecond;

    public long Customers => Confirmed + NeverConfirmed + ToConfirm;

    public Range ConfirmedOnes => new(0, Confirmed);

    public Range UnconfirmedOnes => new(Confirmed, NeverConfirmed);

    /// <summary>The customers that <see cref="ToConfirm"/> speaks of; one range per filled database.</summary>
    public Range FreshOnes() => new(Confirmed + NeverConfirmed, ToConfirm, each: true);

    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
}
