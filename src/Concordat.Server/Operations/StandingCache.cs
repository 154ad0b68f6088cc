using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>What the cache knows of a (partner, customer).</summary>
/// <param name="Standing">The standing, with what the customer did itself.</param>
/// <param name="Active">The relationship is active.</param>
internal readonly record struct KnownStanding(Standing Standing, bool Active);

/// <summary>
/// Every standing in memory for pre-checks, 32 bytes each in flat arrays (no object per customer), at a load of 0.7 to
/// 0.9. A commit updates it before its caller is answered. Orders never read it.
/// </summary>
internal sealed class StandingCache
{
    private const int ShardCount = 256;

    private readonly Shard[] shards = [.. Enumerable.Range(0, ShardCount).Select(_ => new Shard())];
    private readonly ConcurrentDictionary<PartnerId, int> ordinals = new();

    // What a transaction of this process is about to change, until the cache has it. At most what one batch touches.
    private readonly ConcurrentDictionary<StandingId, bool> writing = new();
    private volatile bool complete;

    /// <summary>True once everything stored has been taken in; until then a miss says nothing.</summary>
    public bool Complete
    {
        get => complete;
        set => complete = value;
    }

    /// <summary>Number of (partner, customer) pairs held.</summary>
    public long Count => shards.Sum(shard => (long)shard.Held);

    /// <summary>Grows with every change.</summary>
    public long Changes => shards.Sum(shard => (long)shard.Changes);

    /// <summary>Bytes of the arrays.</summary>
    public long Bytes => shards.Sum(shard => shard.Bytes);

    public bool TryGet(PartnerId partner, CustomerId customer, out KnownStanding known)
    {
        known = default;
        if (!ordinals.TryGetValue(partner, out var ordinal))
        {
            return false;
        }

        var hash = HashOf(customer, ordinal);
        return shards[hash >> 56].TryGet(hash, customer.Value, ordinal, out known);
    }

    /// <summary>
    /// Has the cache follow <paramref name="tx"/>: what it makes of the standing is stored after its commit. From now until
    /// then nothing that the feed reads is taken, because which of the two is newer would not be known.
    /// </summary>
    public void Follow(Tx tx, PartnerId partner, CustomerId customer, Standing standing, bool active = true) =>
        Follow(tx, new StandingId(partner, customer), () => Set(partner, customer, standing, active));

    /// <summary>As above, for an account that goes with the transaction.</summary>
    public void FollowRemoval(Tx tx, PartnerId partner, CustomerId customer) =>
        Follow(tx, new StandingId(partner, customer), () => Remove(partner, customer));

    private void Follow(Tx tx, StandingId id, Action store)
    {
        writing[id] = true;
        tx.AfterCommit(store);
        tx.AtEnd(() => writing.TryRemove(id, out _));
    }

    /// <summary>Stores what a commit made of it.</summary>
    public void Set(PartnerId partner, CustomerId customer, Standing standing, bool active = true)
    {
        var (ordinal, hash) = Place(partner, customer);
        shards[hash >> 56].Put(hash, Slot.Of(customer.Value, ordinal, new KnownStanding(standing, active)), replace: true);
    }

    /// <summary>
    /// Takes in what was read from storage. False when a commit of this process was faster or is under way: which of the two is
    /// newer is not known then, so ask and read again.
    /// </summary>
    public bool Load(PartnerId partner, CustomerId customer, Standing standing, bool active)
    {
        var (ordinal, hash) = Place(partner, customer);
        return !writing.ContainsKey(new StandingId(partner, customer))
            && shards[hash >> 56].Put(hash, Slot.Of(customer.Value, ordinal, new KnownStanding(standing, active)), replace: false);
    }

    /// <summary>
    /// Announces that a change by another process is about to be read. Together with <see cref="TryAnswer"/> it keeps an older
    /// reading from taking the place of what a commit of this process stores meanwhile.
    /// </summary>
    public void Ask(PartnerId partner, CustomerId customer)
    {
        var (ordinal, hash) = Place(partner, customer);
        shards[hash >> 56].Ask(hash, customer.Value, ordinal);
    }

    /// <summary>
    /// Stores what was read; null for an account that is gone. False when a commit was faster or is under way: which of the two
    /// is newer is not known then, so ask and read again.
    /// </summary>
    public bool TryAnswer(PartnerId partner, CustomerId customer, KnownStanding? read)
    {
        var (ordinal, hash) = Place(partner, customer);
        return !writing.ContainsKey(new StandingId(partner, customer)) && shards[hash >> 56].TryAnswer(hash, Slot.Of(customer.Value, ordinal, read));
    }

    /// <summary>Forgets an account that is gone.</summary>
    public void Remove(PartnerId partner, CustomerId customer)
    {
        var (ordinal, hash) = Place(partner, customer);
        shards[hash >> 56].Put(hash, Slot.Of(customer.Value, ordinal, null), replace: true);
    }

    /// <summary>
    /// How many active customers of the partner have each standing, those put together that <paramref name="alike"/> makes the
    /// same. It reads everything held: ask <see cref="StandingCensus"/>.
    /// </summary>
    public IReadOnlyDictionary<Standing, long> CountOf(PartnerId partner, Func<Standing, Standing> alike)
    {
        var counts = new Dictionary<Standing, long>();
        if (ordinals.TryGetValue(partner, out var ordinal))
        {
            foreach (var shard in shards)
            {
                shard.Count(ordinal, alike, counts);
            }
        }

        return counts;
    }

    /// <summary>Forgets everything, for a reset.</summary>
    public void Clear()
    {
        complete = false;
        foreach (var shard in shards)
        {
            shard.Clear();
        }
    }

    private (int Ordinal, ulong Hash) Place(PartnerId partner, CustomerId customer)
    {
        if (!ordinals.TryGetValue(partner, out var ordinal))
        {
            lock (ordinals)
            {
                // Ordinals start at 1: 0 marks an empty slot.
                ordinal = ordinals.GetOrAdd(partner, ordinals.Count + 1);
            }
        }

        return (ordinal, HashOf(customer, ordinal));
    }

    // Customer ids are random or sequential GUIDs; two multiplications spread both over shard and slot.
    private static ulong HashOf(CustomerId customer, int ordinal)
    {
        var id = customer.Value;
        var halves = MemoryMarshal.Cast<Guid, ulong>(MemoryMarshal.CreateReadOnlySpan(ref id, 1));
        unchecked
        {
            var hash = ((halves[0] ^ ((ulong)ordinal << 32)) * 0x9E3779B97F4A7C15) ^ (halves[1] * 0xC2B2AE3D27D4EB4F);
            hash ^= hash >> 32;
            return hash * 0xD6E8FEB86659FD93;
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 8)]
    private readonly struct Slot(Guid customer, int ordinal, Standing standing, ushort marks)
    {
        public const ushort Inactive = 0x4000;

        /// <summary>Nothing is known: the place is kept, as linear probing needs it.</summary>
        public const ushort Unknown = 0x2000;

        /// <summary>Another process changed it and the reading is under way.</summary>
        public const ushort Asked = 0x1000;

        public readonly Guid Customer = customer;
        public readonly long AttestedUnixMs = standing.AttestedUnixMs;
        public readonly int Ordinal = ordinal;
        public readonly ushort Flags = (ushort)((ushort)standing.Flags | marks);
        public readonly byte AttestedVersion = standing.AttestedVersion;
        public readonly byte DirectVersion = standing.DirectVersion;

        public static Slot Of(Guid customer, int ordinal, KnownStanding? known) => known is { } one
            ? new Slot(customer, ordinal, one.Standing, one.Active ? (ushort)0 : Inactive)
            : new Slot(customer, ordinal, Standing.None, Unknown);

        public KnownStanding Known => new(Standing, !Is(Inactive));

        private Standing Standing =>
            new(AttestedUnixMs, AttestedVersion, DirectVersion, (StandingFlags)(Flags & ~(Inactive | Unknown | Asked)));

        public bool Is(ushort mark) => (Flags & mark) != 0;

        public Slot With(ushort mark) => new(Customer, Ordinal, Standing, (ushort)((Flags & (Inactive | Unknown | Asked)) | mark));
    }

    /// <summary>An open-addressed table with linear probing that grows by a fifth, so that little memory is ever empty.</summary>
    private sealed class Shard
    {
        private Slot[] slots = new Slot[16];
        private int count;
        private int changes;

        public int Changes => Volatile.Read(ref changes);

        public int Held => Volatile.Read(ref count);

        public long Bytes => slots.LongLength * System.Runtime.CompilerServices.Unsafe.SizeOf<Slot>();

        public bool TryGet(ulong hash, Guid customer, int ordinal, out KnownStanding known)
        {
            lock (this)
            {
                var at = Find(slots, hash, customer, ordinal);
                known = slots[at].Known;
                return slots[at].Ordinal != 0 && !slots[at].Is(Slot.Unknown);
            }
        }

        /// <summary>False when there was one, which was not to be replaced.</summary>
        public bool Put(ulong hash, in Slot slot, bool replace)
        {
            lock (this)
            {
                var at = Find(slots, hash, slot.Customer, slot.Ordinal);
                if (slots[at].Ordinal == 0)
                {
                    Add(at, slot);
                    changes++;
                    return true;
                }

                if (replace)
                {
                    slots[at] = slot;
                    changes++;
                }

                return replace;
            }
        }

        public void Ask(ulong hash, Guid customer, int ordinal)
        {
            lock (this)
            {
                var at = Find(slots, hash, customer, ordinal);
                if (slots[at].Ordinal == 0)
                {
                    Add(at, Slot.Of(customer, ordinal, null).With(Slot.Asked));
                }
                else
                {
                    slots[at] = slots[at].With(Slot.Asked);
                }
            }
        }

        public bool TryAnswer(ulong hash, in Slot slot)
        {
            lock (this)
            {
                var at = Find(slots, hash, slot.Customer, slot.Ordinal);
                if (!slots[at].Is(Slot.Asked))
                {
                    return false;
                }

                slots[at] = slot;
                changes++;
                return true;
            }
        }

        public void Count(int ordinal, Func<Standing, Standing> alike, Dictionary<Standing, long> counts)
        {
            lock (this)
            {
                foreach (ref readonly var slot in slots.AsSpan())
                {
                    if (slot.Ordinal == ordinal && !slot.Is(Slot.Unknown) && slot.Known is { Active: true } known)
                    {
                        CollectionsMarshal.GetValueRefOrAddDefault(counts, alike(known.Standing), out _)++;
                    }
                }
            }
        }

        public void Clear()
        {
            lock (this)
            {
                changes++;
                slots = new Slot[16];
                count = 0;
            }
        }

        private void Add(int at, in Slot slot)
        {
            slots[at] = slot;
            count++;
            if (count > slots.Length * 9L / 10)
            {
                Grow();
            }
        }

        private void Grow()
        {
            var larger = new Slot[slots.Length + (slots.Length / 5) + 4];
            foreach (ref readonly var slot in slots.AsSpan())
            {
                if (slot.Ordinal != 0)
                {
                    larger[Find(larger, HashOf(new CustomerId(slot.Customer), slot.Ordinal), slot.Customer, slot.Ordinal)] = slot;
                }
            }

            slots = larger;
        }

        /// <summary>Index of the slot with that key, or of the empty one where it belongs.</summary>
        private static int Find(Slot[] table, ulong hash, Guid customer, int ordinal)
        {
            var at = (int)Math.BigMul(hash << 8, (ulong)table.Length, out _);
            while (table[at].Ordinal != 0 && (table[at].Ordinal != ordinal || table[at].Customer != customer))
            {
                at = at + 1 == table.Length ? 0 : at + 1;
            }

            return at;
        }
    }
}
