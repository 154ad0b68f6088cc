using Concordat.Core.Agreements;

namespace Concordat.Core.Policy;

/// <summary>One question to the gate. It holds everything the answer depends on besides the timeline.</summary>
/// <param name="Standing">What is on record.</param>
/// <param name="Action">What the transaction does.</param>
/// <param name="Channel">By which way it arrives.</param>
/// <param name="Environment">The partner's environment.</param>
/// <param name="Now">The instant for which the answer holds, UTC: the policy clock, or any date D for a forecast.</param>
/// <param name="Switches">The partner's switches.</param>
/// <param name="Product">Product id (<c>CFQ7TTC0LH18</c>) for rules that name products; null when unknown.</param>
/// <param name="NewCustomer">True when the customer has never bought; null when unknown.</param>
public readonly record struct GateQuestion(
    Standing Standing, ActionClass Action, Channel Channel, PartnerEnvironment Environment, DateTimeOffset Now,
    Switches Switches, string? Product = null, bool? NewCustomer = null);

/// <summary>The gate's answer: permitted, or refused with the code, the rule, the facts and what would help.</summary>
/// <param name="Refusal">Null when permitted.</param>
/// <param name="RuleId">The timeline rule that decided, or <c>none</c> when no rule applies at that date.</param>
/// <param name="Facts">What the decision rests on; no personal data.</param>
/// <param name="Remedies">What would open the gate, best first; empty when permitted.</param>
/// <param name="Since">Since when this rule refuses (its start), null when permitted.</param>
public sealed record Decision(
    RefusalCode? Refusal, string RuleId, IReadOnlyList<Fact> Facts, IReadOnlyList<Remedy> Remedies, DateTimeOffset? Since)
{
    /// <summary>True when the transaction may go through.</summary>
    public bool Permitted => Refusal is null;
}

/// <summary>Why the gate refuses, as the number of the wire.</summary>
public enum RefusalCode
{
    /// <summary>Neither a partner confirmation nor a direct acceptance is on record.</summary>
    NothingOnRecord = 13605,
    /// <summary>What is on record is outdated, refused, disputed (by switch) or of too old a version.</summary>
    Outdated = 900428,
}

/// <summary>One thing the decision rests on, for people and programs.</summary>
/// <param name="Name">Stable camelCase name: <c>standing</c>, <c>dateAgreed</c>, <c>attestedBefore</c>, <c>minVersion</c> ...</param>
/// <param name="Value">Culture-free text; dates in ISO 8601 UTC.</param>
public readonly record struct Fact(string Name, string Value);

/// <summary>What would open the gate.</summary>
public enum Remedy
{
    /// <summary>The partner attests (a new confirmation, or the enhanced attestation).</summary>
    Attest,
    /// <summary>The customer accepts in the admin center.</summary>
    AcceptDirectly,
    /// <summary>The customer refused: cancel its subscriptions, or obtain a new acceptance.</summary>
    CancelSubscriptions,
    /// <summary>Resolve the dispute with the signatory.</summary>
    ResolveDispute,
}
