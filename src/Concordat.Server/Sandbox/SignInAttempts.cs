using System.Collections.Concurrent;

namespace Concordat.Server.Sandbox;

/// <summary>Wrong passwords: ten in 15 minutes of the wall clock for one user and for one address, then no more tries until these have passed.</summary>
internal sealed class SignInAttempts(TimeProvider wall)
{
    public const int Most = 10;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    // More names than this are an attack on the memory; the address' own count stops it first.
    private const int MostNames = 10_000;

    private readonly ConcurrentDictionary<string, Queue<DateTimeOffset>> failures = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>True when either has failed too often.</summary>
    public bool IsBlocked(string address, string user) => Count(KeyOfAddress(address)) >= Most || Count(KeyOfUser(user)) >= Most;

    public void CountFailure(string address, string user)
    {
        foreach (var key in (string[])[KeyOfAddress(address), KeyOfUser(user)])
        {
            if (failures.Count >= MostNames)
            {
                Sweep();
            }

            var times = failures.GetOrAdd(key, _ => new Queue<DateTimeOffset>());
            lock (times)
            {
                times.Enqueue(wall.GetUtcNow());
            }
        }
    }

    private int Count(string key)
    {
        if (!failures.TryGetValue(key, out var times))
        {
            return 0;
        }

        lock (times)
        {
            while (times.TryPeek(out var oldest) && wall.GetUtcNow() - oldest >= Window)
            {
                times.Dequeue();
            }

            return times.Count;
        }
    }

    private void Sweep()
    {
        foreach (var key in failures.Keys.Where(key => Count(key) == 0).ToList())
        {
            failures.TryRemove(key, out _);
        }
    }

    private static string KeyOfAddress(string address) => "address " + address;

    private static string KeyOfUser(string user) => "user " + (user.Length > 320 ? user[..320] : user);
}
