using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>What a customer's no leaves on the record, however it came.</summary>
internal static class CustomerRefusals
{
    /// <summary>
    /// Writes fact, entry and standing; the lock of (partner, customer) is held. <paramref name="facts"/> is how many facts there
    /// are, <paramref name="cause"/> the entry of the presentation that was declined.
    /// </summary>
    public static async ValueTask<EntryId> WriteAsync(
        Tx tx, OperationContext context, Partner partner, CustomerId customer, long facts, DateTimeOffset now, EntryId? cause = null)
    {
        var entry = new LedgerEntry
        {
            Id = new EntryId(context.Ids.NewId()),
            Kind = "customer.refused",
            At = now,
            Recorded = context.Clocks.Wall.GetUtcNow(),
            Policy = Evidence.PolicyVersion,
            Method = "customer",
            Relations = cause is { } presentation ? [new EntryRelation("relates", presentation)] : [],
            Retention = "agreement",
        };
        var bytes = entry.ToBytes();
        await LedgerRows.AddAsync(tx, entry.Id, bytes, LeafHash.Of(bytes));
        var fact = new AgreementFact(new FactId(context.Ids.NewId()), FactKind.Refused, AgreementType.MicrosoftCustomerAgreement, now)
        {
            DateAgreed = now,
        };
        await FactRows.AddAsync(tx, partner.Id, customer, new FactRow(facts + 1, fact, "customer", null, null, entry.Id));
        await Standings.RefoldAsync(tx, context, partner, customer);
        return entry.Id;
    }
}
