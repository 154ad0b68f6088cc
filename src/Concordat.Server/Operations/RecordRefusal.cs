using Concordat.Core;
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

        return await CustomerRefusals.WriteAsync(tx, context, actor.Partner, customer, row!.Facts, now);
    }
}
