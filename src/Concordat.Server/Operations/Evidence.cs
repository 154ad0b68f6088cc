using System.Globalization;
using System.Text;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Ledger;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>The ledger entry of a record, ready to be written: final bytes, leaf hash, and the disclosures that open it.</summary>
internal sealed class Evidence
{
    /// <summary>Identifies the rule set in the entries; grows with the built-in timeline.</summary>
    public const string PolicyVersion = "built-in-1";

    private readonly byte[] entry;
    private readonly IReadOnlyList<Disclosure> disclosures;

    private Evidence(LedgerEntry entry) => (Id, this.entry, disclosures) = (entry.Id, entry.ToBytes(), entry.Disclosures);

    public EntryId Id { get; }

    /// <summary>
    /// The salted fields of a confirmation but for the company's name, which only the transaction knows. Made on the caller's
    /// thread; the salts are used once, as an operation is written once.
    /// </summary>
    public static IReadOnlyList<Disclosure> Disclose(OperationContext context, Actor actor, CustomerId customer, Confirmation said) =>
        Salted(context, FieldsOf(actor, customer, said));

    /// <summary>
    /// The entry of a partner's confirmation. Of the legacy call nothing was shown, so the text's locale, digest and length
    /// are absent.
    /// </summary>
    public static Evidence OfConfirmation(
        OperationContext context, Confirmation said, AgreementFact fact, string company, IReadOnlyList<FactRow> earlier,
        IReadOnlyList<Disclosure> disclosures)
    {
        Span<byte> salt = stackalloc byte[Disclosure.SaltBytes];
        context.Ids.Fill(salt);
        var previous = earlier.LastOrDefault(row => row.Fact.Type == said.Type && row.Fact.IsAcceptance);
        EntryId?[] related = [said.Shown?.Entry, previous?.Entry];
        return Of(new LedgerEntry
        {
            Id = new EntryId(context.Ids.NewId()),
            Kind = "attestation.accepted",
            At = fact.RecordedAt,
            Recorded = context.Clocks.Wall.GetUtcNow(),
            Policy = PolicyVersion,
            Agreement = said.Shown?.Agreement ?? Reference(said.Type, fact.Version),
            Method = said.Method,
            Level = (said.Shown?.Assurance ?? Assurance.Link).Word(),
            Screen = said.Shown?.Screen,
            Relations = [.. related.OfType<EntryId>().Select(id => new EntryRelation("relates", id))],
            Retention = "agreement",
            Disclosures = [.. disclosures, Disclosure.Of("company", said.Shown?.Company ?? company, salt)],
        });
    }

    /// <summary>Any entry, with the disclosures it was made with.</summary>
    public static Evidence Of(LedgerEntry entry) => new(entry);

    /// <summary>An agreement of which nothing but type and version is known.</summary>
    public static AgreementReference Reference(AgreementType type, byte version) => new(
        type.ToString(), TemplateCatalogue.Of(type).Id.ToString("D"), version.ToString(CultureInfo.InvariantCulture));

    /// <summary>Each field that has a value, under a salt of its own.</summary>
    public static List<Disclosure> Salted(OperationContext context, params IEnumerable<(string Name, string? Value)> fields)
    {
        var disclosures = new List<Disclosure>(16);
        Span<byte> salt = stackalloc byte[Disclosure.SaltBytes];
        foreach (var (name, value) in fields)
        {
            if (!string.IsNullOrEmpty(value))
            {
                context.Ids.Fill(salt);
                disclosures.Add(Disclosure.Of(name, value, salt));
            }
        }

        return disclosures;
    }

    /// <summary>Adds the entry, and its disclosures under the subject's key; without a subject it has none.</summary>
    public async ValueTask WriteAsync(Tx tx, SubjectVault vault, PartnerId partner, CustomerId customer, Signatory? subject)
    {
        await LedgerRows.AddAsync(tx, Id, entry, LeafHash.Of(entry));
        if (subject is null)
        {
            return;
        }

        var text = string.Join('\n', disclosures.Select(disclosure => disclosure.Text));
        await LedgerRows.AddDisclosuresAsync(tx, partner, customer, Id, subject.Id, vault.Seal(subject.Key, Encoding.ASCII.GetBytes(text)));
    }

    private static (string Name, string? Value)[] FieldsOf(Actor actor, CustomerId customer, Confirmation said) =>
    [
        ("partner", actor.Partner.Id.ToString()),
        ("customer", customer.ToString()),
        ("firstName", said.Contact.FirstName),
        ("lastName", said.Contact.LastName),
        ("email", said.Contact.Email),
        ("phoneNumber", said.Contact.PhoneNumber),
        ("dateAgreed", LedgerEntry.Instant(said.DateAgreed)),
        ("attester", actor.Subject.ToString("D")),
        ("application", actor.App.ToString("D")),
        ("operator", actor.Operator),
        ("attestation", said.Shown?.Attestation.ToString()),
    ];
}
