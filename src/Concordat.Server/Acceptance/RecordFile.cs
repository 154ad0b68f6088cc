using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Concordat.Core.Ledger;
using Concordat.Server.Operations;

namespace Concordat.Server.Acceptance;

/// <summary>
/// The record as its signatory keeps it: the facts in words that programs can read, the ledger entry's bytes, and what opens its
/// digests. docs/ledger-format.md says how to check one against the other.
/// </summary>
internal static class RecordFile
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(SignatoryRecord record)
    {
        var (fact, text, contact) = (record.Fact.Fact, record.Text, record.Contact);
        var output = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(output, Readable))
        {
            json.WriteStartObject();
            json.WriteString("reference", record.Fact.Entry.ToString());
            json.WriteString("customer", record.Link.Customer.ToString());
            json.WriteString("company", record.Company);
            json.WriteString("partner", record.Partner.Id.ToString());
            json.WriteString("partnerName", record.Partner.Name);
            json.WriteString("method", record.Fact.Method);
            json.WriteString("acceptedAt", LedgerEntry.Instant(fact.DateAgreed));
            json.WriteString("attestedAt", LedgerEntry.Instant(fact.RecordedAt));
            json.WriteString("recordedAt", LedgerEntry.Instant(record.RecordedAt));
            json.WriteStartObject("agreement");
            json.WriteString("type", fact.Type.ToString());
            json.WriteNumber("version", fact.Version);
            json.WriteString("versionKnown", fact.VersionShown ? "shown" : "inferred");
            json.WriteString("country", text.File.Country);
            json.WriteString("language", text.File.Language);
            json.WriteString("sha256", Convert.ToHexStringLower(record.TextSha256.Span));
            json.WriteEndObject();
            json.WriteStartObject("signatory");
            json.WriteString("firstName", contact.FirstName);
            json.WriteString("lastName", contact.LastName);
            json.WriteString("email", contact.Email);
            json.WriteString("phoneNumber", contact.PhoneNumber);
            json.WriteEndObject();
            json.WriteBase64String("entry", record.Entry);
            json.WriteString("leafHash", Convert.ToHexStringLower(LeafHash.Of(record.Entry)));
            json.WriteStartArray("disclosures");
            foreach (var line in record.Disclosures?.Split('\n') ?? [])
            {
                json.WriteStringValue(line);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}
