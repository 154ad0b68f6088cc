using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Bench.Engine;

/// <summary>
/// The rows of one confirmation with every byte computed beforehand, taken from a real one. What has to be unique is random,
/// as it is in the product, so that the indexes cost what they cost there.
/// </summary>
internal sealed class ConfirmationRows
{
    private readonly Parts parts;
    private readonly byte[] entry;
    private readonly byte[] disclosures;
    private readonly SubjectRow subject;
    private readonly FactRow fact;
    private readonly Standing standing = Crowd.Attested;

    private ConfirmationRows(Parts parts, byte[] entry, byte[] disclosures, SubjectRow subject, FactRow fact) =>
        (this.parts, this.entry, this.disclosures, this.subject, this.fact) = (parts, entry, disclosures, subject, fact);

    /// <summary>Reads the rows of the confirmation of customer 0, which the fill has made.</summary>
    public static Task<ConfirmationRows> ReadAsync(Parts parts) => parts.Database.ReadEverythingAsync(async tx =>
    {
        var (partner, customer) = (Crowd.Partner.Id, Crowd.IdOf(0));
        var fact = (await FactRows.OfAsync(tx, partner, customer))[0];
        var subject = (await SubjectRows.OfCustomerAsync(tx, partner, customer)).Single(row => row.Id == fact.Fact.Contact);
        var entry = await tx.OneAsync("SELECT entry FROM ledger_entries WHERE entry_id = $1", row => row.Bytes(0), fact.Entry.Value);
        var disclosures = await tx.OneAsync(
            "SELECT sealed FROM disclosures WHERE partner_id = $1 AND entry_id = $2", row => row.Bytes(0), partner.Value, fact.Entry.Value);
        return new ConfirmationRows(parts, entry!, disclosures!, subject, fact);
    }).AsTask();

    /// <summary>Adds what <see cref="ConfirmAcceptance"/> adds, through the same row functions in the same order.</summary>
    public async ValueTask AddAsync(Tx tx, long number)
    {
        var (partner, customer, now) = (Crowd.Partner.Id, Crowd.IdOf(number), fact.Fact.RecordedAt);
        var (contactHash, emailHash, keyHash, leafHash) = (Unique(), Unique(), Unique(), Unique());
        var person = new SubjectId(parts.Context.Ids.NewId());
        var entryId = new EntryId(parts.Context.Ids.NewId());
        await SubjectRows.AddAsync(
            tx, partner, customer, Signatories.Kind, subject with { Id = person, ContactHash = contactHash }, emailHash, now);
        var factId = new FactId(parts.Context.Ids.NewId());
        await FactRows.AddAsync(tx, partner, customer, fact with
        {
            Entry = entryId,
            Fact = fact.Fact with { Id = factId, Contact = person },
        });
        await LedgerRows.AddAsync(tx, entryId, entry, leafHash);
        await LedgerRows.AddDisclosuresAsync(tx, partner, customer, entryId, person, disclosures);
        await StandingRows.SaveAsync(tx, partner, customer, standing, 1, entryId);
        await OutboxRows.AddAsync(tx, new OutboxRow(
            partner, parts.Context.Ids.NewId(), "notice", customer, factId.Value, person, entryId, null, now, now));
        await IdempotencyRows.AddAsync(tx, partner, keyHash, leafHash, entryId.ToString(), now);
    }

    private static byte[] Unique()
    {
        var bytes = new byte[32];
        Random.Shared.NextBytes(bytes);
        return bytes;
    }
}
