using Concordat.Core.Agreements;

namespace Concordat.Core.Policy;

/// <summary>What the timeline says about attesting by one way at one instant.</summary>
/// <param name="CloudAgreement">The Cloud Agreement may be attested the legacy way.</param>
/// <param name="CustomerAgreement">
/// The customer agreement may be attested the legacy way; for the admin center: accepted directly.
/// </param>
/// <param name="EnhancedAvailable">The enhanced attestation exists.</param>
/// <param name="LegacyDeprecatedSince">
/// Since when the legacy way is deprecated (the switch <c>legacyAfterRetirement</c> says what happens); null while it is not.
/// </param>
/// <param name="DuplicateRejected">A second attestation by the same signatory is refused; before, it is stored.</param>
/// <param name="NoticeDue">The signatory is told of an attestation of the customer agreement.</param>
public readonly record struct AttestationTerms(
    bool CloudAgreement, bool CustomerAgreement, bool EnhancedAvailable, DateTimeOffset? LegacyDeprecatedSince,
    bool DuplicateRejected, bool NoticeDue)
{
    /// <summary>The legacy way is deprecated.</summary>
    public bool LegacyDeprecated => LegacyDeprecatedSince is not null;

    /// <summary>True when this agreement may be attested the legacy way.</summary>
    public bool MayAttest(AgreementType type) => type switch
    {
        AgreementType.MicrosoftCloudAgreement => CloudAgreement,
        AgreementType.MicrosoftCustomerAgreement => CustomerAgreement,
    };

    internal static AttestationTerms Of(
        IReadOnlyList<TimelineRule> rules, PartnerEnvironment environment, Channel channel, DateTimeOffset now)
    {
        const AgreementType mca = AgreementType.MicrosoftCustomerAgreement;
        return new(
            MayCreate(AgreementType.MicrosoftCloudAgreement, AttestationMethod.Legacy),
            MayCreate(mca, AttestationMethod.Legacy),
            MayCreate(mca, AttestationMethod.Enhanced),
            Since(RuleKind.Deprecate, mca, AttestationMethod.Legacy),
            Any(RuleKind.RejectDuplicate, mca, AttestationMethod.Legacy),
            Any(RuleKind.Notify, mca, AttestationMethod.Legacy));

        bool MayCreate(AgreementType type, AttestationMethod method) =>
            Any(RuleKind.AllowCreate, type, method) && !Any(RuleKind.DenyCreate, type, method);

        bool Any(RuleKind kind, AgreementType type, AttestationMethod method) => Since(kind, type, method) is not null;

        DateTimeOffset? Since(RuleKind kind, AgreementType type, AttestationMethod method)
        {
            foreach (var rule in rules)
            {
                if (rule.Kind == kind && (rule.Method ?? AttestationMethod.Legacy) == method && rule.HoldsAt(now)
                    && rule.Covers(environment, channel) && rule.AgreementTypes.Contains(type))
                    return rule.From;
            }
            return null;
        }
    }
}
