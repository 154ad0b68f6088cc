using System.Text;
using System.Text.Json;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Ledger;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>What the signatory and the partner wrote about a dispute stands among the entry's disclosures, under the signatory's key.</summary>
internal static class Disputes
{
    /// <summary>The disclosure with what somebody wrote.</summary>
    public const string Words = "words";

    /// <summary>Letters that somebody may write about it.</summary>
    public const int LongestWords = 500;

    /// <summary>The dispute of that fact which nobody has settled; null for none.</summary>
    public static FactRow? OpenOf(IReadOnlyList<FactRow> facts, FactId disputed)
    {
        var inForce = StandingFold.InForce(facts.Select(row => row.Fact)).Select(fact => fact.Id).ToHashSet();
        return facts.FirstOrDefault(row => row.Fact.Kind == FactKind.Disputed && row.Fact.Concerns == disputed && inForce.Contains(row.Fact.Id));
    }

    /// <summary>The fact that settled a dispute: the dispute was rejected, or the record it is about was withdrawn; null while it is open.</summary>
    public static FactRow? SettledBy(IReadOnlyList<FactRow> facts, AgreementFact dispute) => facts.FirstOrDefault(row =>
        (row.Fact.Kind == FactKind.DisputeResolved && row.Fact.Concerns == dispute.Id)
        || (row.Fact.Kind is FactKind.Withdrawn or FactKind.Corrected && row.Fact.Concerns == dispute.Concerns));

    /// <summary>An entry about an earlier one, of a kind that holds no agreement of its own.</summary>
    public static LedgerEntry EntryOf(
        OperationContext context, string kind, string method, DateTimeOffset now, IReadOnlyList<EntryId> about, IReadOnlyList<Disclosure> disclosures) => new()
        {
            Id = new EntryId(context.Ids.NewId()),
            Kind = kind,
            At = now,
            Recorded = context.Clocks.Wall.GetUtcNow(),
            Policy = Evidence.PolicyVersion,
            Method = method,
            Relations = [.. about.Select(id => new EntryRelation("relates", id))],
            Retention = "agreement",
            Disclosures = disclosures,
        };

    /// <summary>A disclosed field of an entry; null when there is none, or the person was erased.</summary>
    public static async ValueTask<string?> FieldAsync(Tx tx, SubjectVault vault, PartnerId partner, CustomerId customer, FactRow row, string name)
    {
        if (row.Fact.Contact is not { } contact || await SubjectRows.FindAsync(tx, partner, customer, contact) is not { } subject
            || await LedgerRows.DisclosuresAsync(tx, partner, row.Entry) is not { } box)
        {
            return null;
        }

        var lines = Encoding.ASCII.GetString(SubjectVault.Open(vault.Unwrap(partner, subject.WrappedKey), box)).Split('\n');
        return lines.Select(Parse).FirstOrDefault(field => field.Name == name).Value;
    }

    private static (string Name, string? Value) Parse(string line)
    {
        using var json = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(line));
        return (json.RootElement[1].GetString()!, json.RootElement[2].GetString());
    }
}
