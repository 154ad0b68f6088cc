using System.Globalization;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Ledger;
using Concordat.Core.Policy;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// Records that a customer accepted the Microsoft Customer Agreement itself: counts for every partner, never goes stale,
/// and answers an earlier refusal. <paramref name="partners"/> are all that have an account of the customer.
/// </summary>
internal sealed class AcceptDirectly(
    OperationContext context, PartnerEnvironment environment, CustomerId customer, IReadOnlyList<Partner> partners) : Operation<EntryId>
{
    private readonly DateTimeOffset now = context.PolicyNow(environment);

    /// <summary>Every partner's standing changes with it, so every one is locked.</summary>
    public override IReadOnlyList<long> Keys { get; } = [.. partners.Select(partner => LockKeys.Of(partner.Id, customer))];

    public override PartnerScope Scope { get; } = PartnerScope.Of(partners.Select(partner => partner.Id));

    protected override async ValueTask<Outcome<EntryId>> DecideAsync(Tx tx)
    {
        var version = AgreementVersions.BuiltIn.InForceAt(AgreementType.MicrosoftCustomerAgreement, now);
        var salt = new byte[Disclosure.SaltBytes];
        context.Ids.Fill(salt);
        var disclosure = Disclosure.Of("customer", customer.ToString(), salt);
        var entry = new LedgerEntry
        {
            Id = new EntryId(context.Ids.NewId()),
            Kind = "direct.observed",
            At = now,
            Recorded = context.Clocks.Wall.GetUtcNow(),
            Policy = Evidence.PolicyVersion,
            Agreement = new AgreementReference(
                nameof(AgreementType.MicrosoftCustomerAgreement),
                TemplateCatalogue.Of(AgreementType.MicrosoftCustomerAgreement).Id.ToString("D"),
                version.ToString(CultureInfo.InvariantCulture)),
            Method = "direct",
            Level = "signed-in",
            Retention = "agreement",
            Disclosures = [disclosure],
        };
        var bytes = entry.ToBytes();
        await LedgerRows.AddAsync(tx, entry.Id, bytes, LeafHash.Of(bytes));
        await DirectAcceptanceRows.AddAsync(tx, customer, version, now, entry.Id, disclosure.Text);
        foreach (var partner in partners)
        {
            await Standings.RefoldAsync(tx, context, partner, customer);
        }

        return entry.Id;
    }
}
