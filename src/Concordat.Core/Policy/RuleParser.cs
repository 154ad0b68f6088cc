using System.Text.Json;
using Concordat.Core.Agreements;

namespace Concordat.Core.Policy;

/// <summary>Turns one JSON object into a rule, or into all the reasons why it is none.</summary>
internal static class RuleParser
{
    private static readonly ActionSet NextOrder = ActionSet.Of(ActionClass.NewPurchase, ActionClass.AddOn, ActionClass.Upgrade,
        ActionClass.TrialConversion, ActionClass.Migration);

    /// <summary>The rule, or null after adding at least one fault.</summary>
    public static TimelineRule? Parse(string path, JsonElement element, List<Problem> faults)
    {
        var before = faults.Count;
        var members = new RuleMembers(path, element, faults);
        if (element.ValueKind != JsonValueKind.Object)
        {
            members.Fault(null, "must be an object.");
            return null;
        }
        RuleShape.Check(members);
        var kind = members.Word<RuleKind>("kind");
        if (kind is not null) RuleShape.CheckKind(members, kind.Value);
        var rule = Read(members, kind ?? RuleKind.Note);
        CheckValues(rule, members);
        return faults.Count == before ? rule with { Actions = Gated(rule) } : null;
    }

    private static TimelineRule Read(RuleMembers members, RuleKind kind) => new()
    {
        Id = members.Text("id") ?? "",
        From = members.Date("from") ?? default,
        To = members.Date("to"),
        Environments = members.WordList<PartnerEnvironment>("environments"),
        Channels = members.WordList<Channel>("channels"),
        Kind = kind,
        AgreementTypes = members.WordList<AgreementType>("agreementTypes"),
        AttestedBefore = members.Date("attestedBefore"),
        MinVersion = members.Version("minVersion"),
        Direct = members.Flag("direct"),
        When = members.Word<RuleOccasion>("when"),
        Products = members.TextList("products"),
        Customers = members.Word<CustomerAge>("customers"),
        Actions = members.WordList<ActionClass>("actions"),
        Method = members.Word<AttestationMethod>("method"),
        Code = members.Code("code"),
        Source = members.Text("source") ?? "",
        Text = members.Text("text"),
    };

    private static void CheckValues(TimelineRule rule, RuleMembers members)
    {
        if (rule.To <= rule.From) members.Fault("to", "must be later than from.");
        if (rule.AttestedBefore > rule.From)
            members.Fault("attestedBefore", "must not be later than from: nobody could attest anew until then.");
        if (rule.Direct && rule.MinVersion is null) members.Fault("direct", "has no effect without minVersion.");
        if (rule.Kind == RuleKind.Stale && rule.AgreementTypes.Contains(AgreementType.MicrosoftCloudAgreement))
            members.Fault("agreementTypes", "must be MicrosoftCustomerAgreement: the Cloud Agreement ended before any went stale.");
        for (var i = 0; i < rule.Actions.Count; i++)
        {
            if (ActionSet.NeverGated.Contains(rule.Actions[i]))
                members.Fault($"actions[{i}]", $"{Words<ActionClass>.Of(rule.Actions[i])} is never gated.");
        }
        if (rule.When is not null && rule.Actions.Count > 0 && Gated(rule).Count == 0)
            members.Fault("actions", "none of them belongs to when.");
    }

    /// <summary>The classes a rule gates: its actions, its occasion, or what both have in common.</summary>
    private static IReadOnlyList<ActionClass> Gated(TimelineRule rule)
    {
        if (rule.When is null) return rule.Actions;
        var occasion = rule.When == RuleOccasion.NextOrder ? NextOrder : ActionSet.Of(ActionClass.ManualRenewal);
        return [.. rule.Actions.Count == 0 ? occasion.Members : rule.Actions.Where(occasion.Contains)];
    }
}
