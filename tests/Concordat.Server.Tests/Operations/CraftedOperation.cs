using Concordat.Core;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Tests.Operations;

/// <summary>An operation made of functions, so that a test can say exactly what goes wrong.</summary>
internal sealed class CraftedOperation(Func<Tx, ValueTask<Outcome<string>>> decide, params long[] keys) : Operation<string>
{
    public override IReadOnlyList<long> Keys => keys;

    public override PartnerScope Scope => PartnerScope.Everything;

    public override bool RunsAlone => Alone;

    public bool Alone { get; init; }

    public string? ExtraRead { get; init; }

    public override void Plan(List<PlannedRead> reads)
    {
        if (ExtraRead is not null)
        {
            reads.Add(new PlannedRead<long>(ExtraRead, row => row.Long(0)));
        }
    }

    protected override ValueTask<Outcome<string>> DecideAsync(Tx tx) => decide(tx);
}

/// <summary>A database whose transactions are counted and can be made to fail.</summary>
internal sealed class FaultyDatabase(Database inner) : Database
{
    public int Begun { get; private set; }

    /// <summary>Thrown instead of beginning.</summary>
    public Exception? BeginFails { get; set; }

    /// <summary>Thrown once after a commit that did happen.</summary>
    public Exception? CommitIsLost { get; set; }

    public override Task PrepareAsync(CancellationToken cancel) => inner.PrepareAsync(cancel);

    public override ValueTask<T> ReadAsync<T>(PartnerScope scope, Func<Tx, ValueTask<T>> read) => inner.ReadAsync(scope, read);

    public override ValueTask<Tx> BeginAsync(IReadOnlyCollection<long> keys, PartnerScope scope)
    {
        Begun++;
        return BeginFails is null ? inner.BeginAsync(keys, scope) : throw BeginFails;
    }

    public override async ValueTask CommitAsync(Tx tx)
    {
        await inner.CommitAsync(tx);
        if (CommitIsLost is { } lost)
        {
            CommitIsLost = null;
            throw lost;
        }
    }

    public override ValueTask RollbackAsync(Tx tx) => inner.RollbackAsync(tx);

    public override Task EmptyAsync(CancellationToken cancel) => inner.EmptyAsync(cancel);

    public override ValueTask DisposeAsync() => inner.DisposeAsync();
}
