using Concordat.Core;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Operations.Sequencing;
using Concordat.Server.Storage;

namespace Concordat.Server.Background;

/// <summary>
/// Makes durable entries leaves of the tree and signs checkpoints, after the commit and beside the write path. One process
/// at a time does it: on PostgreSQL the one that has the seat, fenced by an epoch. What it cannot vouch for it does not sign.
/// </summary>
internal sealed class Sequencer(OperationContext context, LedgerKeys keys, LedgerAnchor anchor, bool isSandbox, ILogger<Sequencer> log) : IAsyncDisposable
{
    /// <summary>An entry has its receipt this much later, and the time of one pass.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private const int BatchesPerCheckpoint = 20;

    private readonly ClockGuard clock = new(context.Clocks.Wall);
    private readonly SemaphoreSlim turn = new(1);
    private PostgresSeat? seat;
    private GrowingTree? tree;
    private bool clockWasWrong;
    private bool stopped;

    /// <summary>Why nothing is signed any more; null while all is well.</summary>
    public string? Fault { get; private set; }

    /// <summary>Makes sure that the database has not forgotten what was published. If it has, nothing more is written to it.</summary>
    public async Task CheckAnchorAsync()
    {
        try
        {
            await context.Database.ReadSharedAsync(async tx =>
            {
                await RollBackGuard.CheckAsync(tx, anchor, isSandbox);
                return true;
            });
        }
        catch (LedgerFaultException fault)
        {
            Halt(fault);
        }
    }

    /// <summary>One pass, for the loop; also for whoever must not wait for the next one.</summary>
    public async Task RunAsync()
    {
        await turn.WaitAsync();
        try
        {
            if (!stopped && Fault is null && (context.Database.IsAlone || (seat ??= await context.Database.TakeSeatAsync()) is not null) && !await PassAsync())
            {
                await LeaveAsync();
            }
        }
        catch (LedgerFaultException fault)
        {
            Halt(fault);
            await LeaveAsync();
        }
        catch
        {
            await LeaveAsync();
            throw;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Lets a running pass finish; later ones do nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync();
        stopped = true;
        await LeaveAsync();
        turn.Release();
    }

    /// <summary>False when it is another's turn.</summary>
    private async Task<bool> PassAsync()
    {
        tree ??= await OpenAsync();
        for (var more = tree is not null; more;)
        {
            if (await GrowAsync(tree!) is not { } waiting || !await SignAsync(tree!))
            {
                return false;
            }

            more = waiting;
        }

        return tree is not null;
    }

    private Task<GrowingTree?> OpenAsync() => WriteAsync<GrowingTree?>(async tx =>
    {
        if (await TreeRows.BeginEpochAsync(tx) is not { } state)
        {
            return null;
        }

        if ((await LedgerKeyRows.AllAsync(tx)).Count == 0 && await CheckpointRows.LastAsync(tx) is null)
        {
            await keys.MakeAsync(tx);
        }

        await RollBackGuard.CheckAsync(tx, anchor, isSandbox);
        return await GrowingTree.OpenAsync(tx, state, keys);
    });

    /// <summary>Appends what is waiting; true when more is left, null when another has taken over.</summary>
    private async Task<bool?> GrowAsync(GrowingTree growing)
    {
        var writers = await context.Database.ReadSharedAsync(TreeRows.WritersAsync);
        var settled = growing.Candidate is { } candidate && !candidate.Writers.Overlaps(writers) ? candidate.Seq : (long?)null;
        var cursor = growing.Cursor ?? growing.SweptSeq;
        for (var batch = 0; batch < BatchesPerCheckpoint; batch++)
        {
            var after = cursor;
            var waiting = await context.Database.ReadSharedAsync(tx => TreeRows.UnsequencedAsync(tx, after, TreeGrowth.BatchSize));
            if (waiting.Count > 0)
            {
                cursor = waiting[^1].Seq;
                if (!await AppendAsync(growing, waiting))
                {
                    return null;
                }
            }

            if (waiting.Count < TreeGrowth.BatchSize)
            {
                await SettleAsync(growing, cursor, settled);
                return false;
            }
        }

        growing.Cursor = cursor;
        return true;
    }

    private async Task<bool> AppendAsync(GrowingTree growing, List<StoredEntry> entries)
    {
        if (await WriteAsync(tx => TreeGrowth.AppendAsync(tx, growing.State, growing.Frontier, entries, growing.SweptSeq)) is not { } grown)
        {
            return false;
        }

        (growing.State, growing.Frontier) = grown;
        return true;
    }

    /// <summary>
    /// Numbers are handed out in order and become visible out of order. Everything up to the newest one seen is settled once
    /// nobody is left who was writing when it was seen.
    /// </summary>
    private async Task SettleAsync(GrowingTree growing, long cursor, long? settled)
    {
        growing.Cursor = null;
        if (context.Database.IsAlone)
        {
            growing.SweptSeq = Math.Max(growing.SweptSeq, cursor);
            return;
        }

        if (settled is { } seq)
        {
            growing.SweptSeq = Math.Max(growing.SweptSeq, seq);
            growing.Candidate = null;
        }

        if (growing.Candidate is null && cursor > growing.SweptSeq)
        {
            growing.Candidate = (cursor, await context.Database.ReadSharedAsync(TreeRows.WritersAsync));
        }
    }

    /// <summary>Signs the tree as it is now, unless that was done; false when another has taken over.</summary>
    private async Task<bool> SignAsync(GrowingTree growing)
    {
        var (state, last) = (growing.State, growing.Last);
        if (state.Size == (last?.Size ?? 0) || !MaySignNow(last))
        {
            return true;
        }

        var (before, root) = await context.Database.ReadSharedAsync(tx => TreeCheck.RootsAsync(tx, last?.Size ?? 0, state.Size));
        if ((last is not null && !before.AsSpan().SequenceEqual(last.Root)) || !root.AsSpan().SequenceEqual(growing.Frontier.Root))
        {
            throw new LedgerFaultException(FormattableString.Invariant($"E_TAMPERED: what is stored up to size {state.Size} is not what was sequenced"));
        }

        var checkpoint = new Checkpoint(growing.Keys[0].Verifier.Name, state.Size, root);
        var note = new SignedNote(checkpoint, [.. growing.Keys.Select(key => key.Sign(checkpoint))]);
        var signed = new StoredCheckpoint(state.Size, root, note.Text, context.Clocks.Wall.GetUtcNow());
        var (kept, retired) = await WriteAsync(async tx =>
        {
            if (!await TreeRows.TryGrowAsync(tx, state, state.Size, growing.SweptSeq))
            {
                return (false, false);
            }

            await CheckpointRows.AddAsync(tx, signed, state.Epoch);
            return (true, await keys.RetireAsync(tx, state.Size));
        });
        if (kept)
        {
            growing.Last = signed;
            anchor.Write(signed.Note);
        }

        // Other keys sign from now on: they are opened with the next pass.
        return kept && !retired && await AreAllKeysOpenAsync(growing);
    }

    private async Task<bool> AreAllKeysOpenAsync(GrowingTree growing) =>
        (await context.Database.ReadSharedAsync(LedgerKeyRows.AllAsync)).Count(key => key.Sealed is not null) == growing.Keys.Count;

    private bool MaySignNow(StoredCheckpoint? last)
    {
        var fault = clock.Fault(last?.SignedAt);
        if (fault is not null && !clockWasWrong)
        {
            LogEvents.LedgerClockWrong(log, fault);
        }

        clockWasWrong = fault is not null;
        return fault is null;
    }

    private async Task<T> WriteAsync<T>(Func<Tx, ValueTask<T>> write) => seat is not null
        ? await seat.WriteAsync(write)
        : (await context.Loop.RunAsync(new WriteLedger<T>(write))).Value;

    private void Halt(LedgerFaultException fault)
    {
        Fault = fault.Message;
        LogEvents.LedgerHalted(log, fault.Message);
        if (fault.Message.StartsWith("E_ROLLED_BACK", StringComparison.Ordinal))
        {
            context.Loop.Close(new Problem(ProblemCode.Overloaded,
                "The service only reads: its database is older than what it has published. Its operator has to restore it."));
        }
    }

    private async ValueTask LeaveAsync()
    {
        tree?.Dispose();
        tree = null;
        if (seat is not null)
        {
            await seat.DisposeAsync();
            seat = null;
        }
    }
}
