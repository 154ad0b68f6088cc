namespace Concordat.Core.Ledger;

/// <summary>A ledger's key and the largest size that it may vouch for (all sizes unless it was replaced).</summary>
public sealed record PolicyLog(VerifierKey Key, long MaxSize = long.MaxValue);

/// <summary>
/// Whom a verifier trusts: the keys of ledgers, and the witnesses that must have cosigned. The text is that of C2SP
/// tlog-policy with one line of ours, <c>valid NAME sizes &lt;= N</c>, behind the <c>log</c> line of a replaced key, and
/// without a <c>quorum</c> line none is asked for.
/// </summary>
public sealed class LedgerPolicy
{
    private const string None = "none";

    private readonly List<PolicyLog> logs = [];
    private readonly Dictionary<string, VerifierKey> witnesses = [];
    private readonly Dictionary<string, (int Needed, string[] Members)> groups = [];
    private string? quorum;

    private LedgerPolicy()
    {
    }

    /// <summary>The keys of ledgers, in the order of the file.</summary>
    public IReadOnlyList<PolicyLog> Logs => logs;

    /// <summary>The keys of witnesses.</summary>
    public IReadOnlyCollection<VerifierKey> Witnesses => witnesses.Values;

    /// <summary>A policy that trusts these keys and asks for no witness.</summary>
    public static LedgerPolicy Of(params IEnumerable<PolicyLog> keys)
    {
        var policy = new LedgerPolicy();
        policy.logs.AddRange(keys);
        return policy;
    }

    /// <summary>Reads a policy; otherwise the first fault, with its line.</summary>
    public static Outcome<LedgerPolicy> Parse(string text)
    {
        var policy = new LedgerPolicy();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && !words[0].StartsWith('#') && !policy.Take(words))
            {
                return new Problem(ProblemCode.InvalidInput, $"Line {number} of the policy is not understood: {line.Trim()}");
            }
        }

        return policy.logs.Count > 0 ? policy : new Problem(ProblemCode.InvalidInput, "The policy names no log.");
    }

    /// <summary>True when enough of these witnesses have cosigned.</summary>
    public bool IsQuorum(IReadOnlySet<VerifierKey> cosigners) => quorum is null or None || Holds(quorum, cosigners);

    /// <summary>The text of the policy's keys.</summary>
    public override string ToString() => string.Concat(logs.Select(log =>
        $"log {log.Key}\n{(log.MaxSize == long.MaxValue ? "" : FormattableString.Invariant($"valid {log.Key.Name} sizes <= {log.MaxSize}\n"))}"));

    private bool Take(string[] words) => (words[0], words.Length) switch
    {
        ("log", 2 or 3) => TakeLog(VerifierKey.Parse(words[1])),
        ("valid", 5) => words[2] == "sizes" && words[3] == "<=" && Limit(words[1], StrictText.Number(words[4])),
        ("witness", 3 or 4) => TakeWitness(words[1], VerifierKey.Parse(words[2])),
        ("group", > 3) => TakeGroup(words[1], words[2], words[3..]),
        ("quorum", 2) => TakeQuorum(words[1]),
        _ => false,
    };

    private bool TakeLog(VerifierKey? key)
    {
        if (key?.Type != VerifierKey.Ecdsa)
        {
            return false;
        }

        logs.Add(new PolicyLog(key));
        return true;
    }

    private bool Limit(string name, long? size)
    {
        var last = logs.FindLastIndex(log => log.Key.Name == name);
        if (last < 0 || size is not { } max || logs[last].MaxSize != long.MaxValue)
        {
            return false;
        }

        logs[last] = logs[last] with { MaxSize = max };
        return true;
    }

    private bool TakeWitness(string name, VerifierKey? key) =>
        key?.Type == VerifierKey.Witness && IsFree(name) && witnesses.TryAdd(name, key);

    private bool TakeGroup(string name, string needed, string[] members)
    {
        var count = needed switch
        {
            "all" => members.Length,
            "any" => 1,
            _ => StrictText.Number(needed) ?? 0,
        };
        if (!IsFree(name) || members.Distinct().Count() != members.Length || members.Any(IsFree) || count < 1 || count > members.Length)
        {
            return false;
        }

        groups.Add(name, ((int)count, members));
        return true;
    }

    private bool TakeQuorum(string name)
    {
        if (quorum is not null || (name != None && IsFree(name)))
        {
            return false;
        }

        quorum = name;
        return true;
    }

    // A group names only what stands above it, so that groups cannot go round in a circle.
    private bool IsFree(string name) => name != None && !witnesses.ContainsKey(name) && !groups.ContainsKey(name);

    private bool Holds(string name, IReadOnlySet<VerifierKey> cosigners) => witnesses.TryGetValue(name, out var key)
        ? cosigners.Contains(key)
        : groups[name].Members.Count(member => Holds(member, cosigners)) >= groups[name].Needed;
}
