using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Ledger;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>Records that a customer declined the terms: the partner is told to cancel its subscriptions.</summary>
internal sealed class RecordRefusal(OperationContext context, Actor actor, CustomerId customer) : Operation<EntryId>
{
    private readonly DateTimeOffset now = context.PolicyNow(actor.Partner.Environment);

    public override IReadOnlyList<long> Keys { get; } = [LockKeys.Of(actor.Partner.Id, customer)];

    public override PartnerScope Scope { get; } = PartnerScope.Of(actor.Partner.Id);

    protected override async ValueTask<Outcome<EntryId>> DecideAsync(Tx tx)
    {
        var row = await StandingRows.FindAsync(tx, actor.Partner.Id, customer);
        if (Relationship.Check(row) is { } absent)
        {
            return absent;
        }

        var entry = new LedgerEntry
        {
            Id = new EntryId(context.Ids.NewId()),
            Kind = "customer.refused",
            At = now,
            Recorded = context.Clocks.Wall.GetUtcNow(),
            Policy = Evidence.PolicyVersion,
            Method = "customer",
            Retention = "agreement",
        };
        var bytes = entry.ToBytes();
        await LedgerRows.AddAsync(tx, entry.Id, bytes, LeafHash.Of(bytes));
        var fact = new AgreementFact(new FactId(context.Ids.NewId()), FactKind.Refused, AgreementType.MicrosoftCustomerAgreement, now)
        {
            DateAgreed = now,
        };
        await FactRows.AddAsync(tx, actor.Partner.Id, customer, new FactRow(row!.Facts + 1, fact, "customer", null, null, entry.Id));
        await Standings.RefoldAsync(tx, context, actor.Partner, customer);
        return entry.Id;
    }
}
