using System.Text.Json;
using Concordat.Core.Agreements;
using Concordat.Core.Agreements.Texts;
using Concordat.Core.Fields;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>One record as its signatory may see it.</summary>
/// <param name="Partner">Who recorded it.</param>
/// <param name="Link">How the signatory came to it.</param>
/// <param name="Fact">The record.</param>
/// <param name="Contact">The signatory.</param>
/// <param name="Company">For which company.</param>
/// <param name="Text">The text that was shown, or the one for this customer.</param>
/// <param name="TextSha256">Of the text on record.</param>
/// <param name="Language">In which the signatory is written to.</param>
/// <param name="RecordedAt">By the wall clock, as the entry says.</param>
/// <param name="Entry">The entry's bytes.</param>
/// <param name="Disclosures">What opens the entry's digests, one to a line; null when it was erased.</param>
/// <param name="Dispute">The dispute about it that is open; null for none.</param>
/// <param name="Later">The fact that took the record's place, or took it back; null while it counts.</param>
/// <param name="Rejected">The latest dispute about it was rejected.</param>
internal sealed record SignatoryRecord(
    Partner Partner, SignatoryLinkRow Link, FactRow Fact, Contact Contact, string Company, AgreementText Text, ReadOnlyMemory<byte> TextSha256, string Language,
    DateTimeOffset RecordedAt, byte[] Entry, string? Disclosures, FactRow? Dispute, FactRow? Later, bool Rejected)
{
    /// <summary>The very text that is on record is still to be had.</summary>
    public bool SameText => Text.Sha256.Span.SequenceEqual(TextSha256.Span);

    /// <summary>The record behind a token of any origin; null for one that opens nothing, or whose signatory was erased.</summary>
    public static async ValueTask<SignatoryRecord?> FindAsync(OperationContext context, PartnerDirectory directory, string token)
    {
        return await SignatoryLink.FindAsync(context.Database, token) is { } link && directory.Find(link.Partner) is { } partner
            ? await context.Database.ReadAsync(link.Partner, tx => ReadAsync(tx, context.Vault, partner, link))
            : null;
    }

    private static async ValueTask<SignatoryRecord?> ReadAsync(Tx tx, SubjectVault vault, Partner partner, SignatoryLinkRow link)
    {
        var facts = await FactRows.OfAsync(tx, partner.Id, link.Customer);
        var fact = facts.FirstOrDefault(row => row.Fact.Id.Value == link.Reference);
        if (fact is null || await SubjectRows.FindAsync(tx, partner.Id, link.Customer, link.Subject) is not { } subject
            || await LedgerRows.EntryAsync(tx, fact.Entry) is not { } entry)
        {
            return null;
        }

        var read = await AgreementOfRecord.ReadAsync(tx, vault, partner.Id, partner.Country, link.Customer, fact);
        var key = vault.Unwrap(partner.Id, subject.WrappedKey);
        var box = await LedgerRows.DisclosuresAsync(tx, partner.Id, fact.Entry);
        return new SignatoryRecord(
            partner, link, fact, Signatories.Open(vault, partner.Id, subject), read.Company, read.Text, read.Sha256, read.Language, RecordedOf(entry), entry,
            box is null ? null : Attestations.OpenText(key, box),
            Disputes.OpenOf(facts, fact.Fact.Id),
            facts.FirstOrDefault(row => row.Fact.Kind is FactKind.Corrected or FactKind.Withdrawn && row.Fact.Concerns == fact.Fact.Id),
            facts.Any(row => row.Fact.Kind == FactKind.DisputeResolved
                && facts.Any(dispute => dispute.Fact.Id == row.Fact.Concerns && dispute.Fact.Concerns == fact.Fact.Id)));
    }

    private static DateTimeOffset RecordedOf(byte[] entry)
    {
        using var json = JsonDocument.Parse(entry);
        return json.RootElement.GetProperty("rec").GetDateTimeOffset();
    }
}
