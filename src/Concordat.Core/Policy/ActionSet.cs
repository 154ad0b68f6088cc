using System.Numerics;

namespace Concordat.Core.Policy;

/// <summary>A set of action classes: what one request does at once. One gated member blocks the whole request.</summary>
public readonly record struct ActionSet
{
    private readonly uint bits;

    private ActionSet(uint bits) => this.bits = bits;

    /// <summary>Nothing: the request echoes what is stored.</summary>
    public static readonly ActionSet Empty;

    /// <summary>The classes that no timeline may gate: auto-renewal, cancel, suspend, administrative.</summary>
    /// <remarks>
    /// Auto-renewal by the Cloud Agreement FAQ of 2019 and the announcements of 2020; the others because the partner is told
    /// to cancel the subscriptions of a customer who refuses the terms.
    /// </remarks>
    public static readonly ActionSet NeverGated =
        Of(ActionClass.AutoRenewal, ActionClass.Cancel, ActionClass.Suspend, ActionClass.Administrative);

    /// <summary>True when the request changes nothing.</summary>
    public bool IsEmpty => bits == 0;

    /// <summary>How many classes.</summary>
    public int Count => BitOperations.PopCount(bits);

    /// <summary>The members in the order of the enumeration.</summary>
    public IEnumerable<ActionClass> Members
    {
        get
        {
            for (var rest = bits; rest != 0; rest &= rest - 1)
                yield return (ActionClass)BitOperations.TrailingZeroCount(rest);
        }
    }

    /// <summary>The set of these classes.</summary>
    public static ActionSet Of(params ReadOnlySpan<ActionClass> actions)
    {
        var set = Empty;
        foreach (var action in actions) set = set.With(action);
        return set;
    }

    /// <summary>This set and <paramref name="action"/>.</summary>
    public ActionSet With(ActionClass action) => new(bits | (1u << (int)action));

    /// <summary>This set, and <paramref name="action"/> when <paramref name="condition"/> holds.</summary>
    public ActionSet With(ActionClass action, bool condition) => condition ? With(action) : this;

    /// <summary>True when it has this class.</summary>
    public bool Contains(ActionClass action) => (bits & (1u << (int)action)) != 0;
}
