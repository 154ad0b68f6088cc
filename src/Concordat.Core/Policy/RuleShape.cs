namespace Concordat.Core.Policy;

/// <summary>
/// Which members a rule of each kind must and may have. A member without effect is a fault: it would mislead.
/// </summary>
internal static class RuleShape
{
    private static readonly string[] Always = ["id", "from", "environments", "channels", "kind", "source"];
    private static readonly string[] Anywhere = [.. Always, "to", "text"];
    private static readonly string[] Gating = ["agreementTypes", "code", "actions", "when", "products", "customers"];

    private static readonly HashSet<string> Known = ((string[])
        [.. Anywhere, .. Gating, "attestedBefore", "minVersion", "direct", "method"]).ToHashSet(StringComparer.Ordinal);

    private sealed record Shape(string[] Required, string[] Optional, string[][] OneOf);

    private static readonly Dictionary<RuleKind, Shape> Shapes = new()
    {
        [RuleKind.Require] = new(["agreementTypes", "code"], Gating, [["actions", "when"]]),
        [RuleKind.Stale] = new(["agreementTypes", "code"], [.. Gating, "attestedBefore", "minVersion", "direct"],
            [["actions", "when"], ["attestedBefore", "minVersion"]]),
        [RuleKind.AllowCreate] = new(["agreementTypes"], ["method"], []),
        [RuleKind.DenyCreate] = new(["agreementTypes"], ["method"], []),
        [RuleKind.Notify] = new(["agreementTypes"], [], []),
        [RuleKind.RejectDuplicate] = new(["agreementTypes"], [], []),
        [RuleKind.Deprecate] = new(["agreementTypes", "method"], [], []),
        [RuleKind.Note] = new(["text"], ["agreementTypes"], []),
    };

    public static void Check(RuleMembers members)
    {
        foreach (var twice in members.Names.GroupBy(name => name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            members.Fault(twice.Key, "stands there twice.");
        foreach (var name in members.Names.Where(name => !Known.Contains(name)))
            members.Fault(name, "is not a member of a rule.");
        foreach (var name in Always.Where(name => !members.Has(name)))
            members.Fault(name, "is missing.");
    }

    /// <summary>The members of the rule against its kind, once the kind is known.</summary>
    public static void CheckKind(RuleMembers members, RuleKind kind)
    {
        var shape = Shapes[kind];
        var word = Words<RuleKind>.Of(kind);
        foreach (var name in shape.Required.Where(name => !members.Has(name)))
            members.Fault(name, $"is missing; kind {word} needs it.");
        foreach (var names in shape.OneOf.Where(names => !names.Any(members.Has)))
            members.Fault(names[0], $"is missing; kind {word} needs {string.Join(" or ", names)}.");
        foreach (var name in members.Names.Where(Known.Contains).Except(Anywhere).Except(shape.Required).Except(shape.Optional))
            members.Fault(name, $"has no effect with kind {word}.");
    }
}
