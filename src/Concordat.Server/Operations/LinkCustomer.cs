using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>Gives a second partner an account of an existing customer tenant: each partner attests for itself.</summary>
internal sealed class LinkCustomer(OperationContext context, Actor actor, CustomerId id, NewCustomer customer) : Operation<CustomerRow>
{
    public override IReadOnlyList<long> Keys { get; } = [LockKeys.OfCustomer(id), LockKeys.Of(actor.Partner.Id, id)];

    public override PartnerScope Scope { get; } = PartnerScope.Of(actor.Partner.Id);

    protected override async ValueTask<Outcome<CustomerRow>> DecideAsync(Tx tx)
    {
        if (await CustomerRows.FindAsync(tx, actor.Partner.Id, id) is not null)
        {
            return new Problem(ProblemCode.AlreadyExists, "The partner has an account of this customer already.", "customerId");
        }

        var row = await CustomerAccounts.AddAsync(tx, context, actor.Partner.Id, id, customer, context.PolicyNow(actor.Partner.Environment));
        await Standings.RefoldAsync(tx, context, actor.Partner, id);
        return row;
    }
}
