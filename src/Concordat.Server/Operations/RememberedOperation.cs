using Concordat.Core;
using Concordat.Server.Hosting;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// An operation whose effect is remembered under its request key: the same request again gets the first answer, also
/// after a restart and on another node; the same key with another body is refused. Refusals are not remembered, they are
/// decided anew.
/// </summary>
internal abstract class RememberedOperation<T>(RequestKey? key, Clocks clocks) : Operation<T>
{
    private PlannedRead<RememberedResult>? remembered;

    public override void Plan(List<PlannedRead> reads)
    {
        if (key is not null)
        {
            remembered = IdempotencyRows.PlanFind(key.Partner, key.KeyHash);
            reads.Add(remembered);
        }
    }

    /// <summary>What makes this request the same one when it comes again; null when the caller sent no id.</summary>
    public RequestKey? Key => key;

    /// <summary>The keys of the operation together with the request's own.</summary>
    protected IReadOnlyList<long> WithRequestKey(params long[] keys) => key is null ? keys : [.. keys, key.LockKey];

    protected sealed override async ValueTask<Outcome<T>> DecideAsync(Tx tx)
    {
        if (remembered is { Rows: [var found, ..] })
        {
            return found.BodyHash.AsSpan().SequenceEqual(key!.BodyHash)
                ? await ReplayAsync(tx, found.Result)
                : new Problem(ProblemCode.RequestIdReused, "This request id was used with another body. Send a new id for a new request.");
        }

        var outcome = await CarryOutAsync(tx);
        if (key is not null && outcome.Problem is null)
        {
            await IdempotencyRows.AddAsync(tx, key.Partner, key.KeyHash, key.BodyHash, Remember(outcome.Value), clocks.Wall.GetUtcNow());
        }

        return outcome;
    }

    /// <summary>Decides and writes.</summary>
    protected abstract ValueTask<Outcome<T>> CarryOutAsync(Tx tx);

    /// <summary>What to keep so that <see cref="ReplayAsync"/> can answer again: no personal data.</summary>
    protected abstract string Remember(T value);

    /// <summary>The first answer, rebuilt from what was kept.</summary>
    protected abstract ValueTask<T> ReplayAsync(Tx tx, string kept);
}
