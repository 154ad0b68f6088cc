using Concordat.Core.Agreements;

namespace Concordat.Core.Policy;

/// <summary>A require or stale rule, prepared so that asking it takes a few comparisons and no allocation.</summary>
internal sealed class GateRule
{
    private readonly bool cloudSatisfies;
    private readonly bool customerSatisfies;
    private readonly long attestedBeforeUnixMs;
    private readonly byte minVersion;
    private readonly bool directToo;
    private readonly CustomerAge? customers;
    private readonly string[] products;
    private readonly RefusalCode nothingCode;
    private readonly RefusalCode outdatedCode;

    public GateRule(TimelineRule rule, short index)
    {
        Index = index;
        cloudSatisfies = rule.AgreementTypes.Contains(AgreementType.MicrosoftCloudAgreement);
        customerSatisfies = rule.AgreementTypes.Contains(AgreementType.MicrosoftCustomerAgreement);
        // Without a cut-off every date passes: none is below the smallest number.
        attestedBeforeUnixMs = rule.AttestedBefore?.ToUnixTimeMilliseconds() ?? long.MinValue;
        minVersion = rule.MinVersion ?? 0;
        directToo = rule.Direct;
        customers = rule.Customers;
        products = [.. rule.Products];
        nothingCode = rule.Kind == RuleKind.Require ? rule.Code ?? RefusalCode.NothingOnRecord : RefusalCode.NothingOnRecord;
        outdatedCode = rule.Kind == RuleKind.Stale ? rule.Code ?? RefusalCode.Outdated : RefusalCode.Outdated;
    }

    public short Index { get; }

    public bool Applies(in GateQuestion question)
    {
        if (customers is not null && question.NewCustomer is { } isNew && isNew != (customers == CustomerAge.New)) return false;
        return products.Length == 0 || NamesProduct(question.Product);
    }

    public RefusalReason Ask(in Standing standing, Switches switches)
    {
        if (standing.Has(StandingFlags.Refused)) return RefusalReason.CustomerRefused;
        var direct = standing.Has(StandingFlags.AcceptedDirectly);
        // A dispute is about the partner's word; what the customer did itself stands beside it.
        if (switches.DisputeBlocks && !direct && standing.Has(StandingFlags.Disputed)) return RefusalReason.Disputed;
        if (cloudSatisfies && standing.Has(StandingFlags.CloudConfirmed)) return RefusalReason.None;
        if (!customerSatisfies) return RefusalReason.NothingOnRecord;
        if (direct && (!directToo || standing.DirectVersion >= minVersion)) return RefusalReason.None;
        if (!standing.Attested) return direct ? RefusalReason.VersionTooOld : RefusalReason.NothingOnRecord;
        if (standing.AttestedUnixMs < attestedBeforeUnixMs) return RefusalReason.AttestedBeforeCutOff;
        return standing.AttestedVersion < minVersion ? RefusalReason.VersionTooOld : RefusalReason.None;
    }

    public RefusalCode CodeFor(RefusalReason reason) => reason switch
    {
        RefusalReason.NothingOnRecord => nothingCode,
        RefusalReason.AttestedBeforeCutOff or RefusalReason.VersionTooOld => outdatedCode,
        RefusalReason.CustomerRefused or RefusalReason.Disputed => RefusalCode.Outdated,
        RefusalReason.None => throw new InvalidOperationException("A satisfied rule has no code."),
    };

    private bool NamesProduct(string? product)
    {
        foreach (var named in products)
        {
            if (string.Equals(named, product, StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }
}
