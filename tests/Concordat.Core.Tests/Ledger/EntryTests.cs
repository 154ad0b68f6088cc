using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Concordat.Core.Ledger;

namespace Concordat.Core.Tests.Ledger;

public class EntryTests
{
    private static readonly byte[] WorkedSalt = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    // The worked vector of the ledger format (salt bytes 00..0f).
    [Fact]
    public void Disclosure_WorkedVector_HasThePublishedTextAndDigest()
    {
        var disclosure = Disclosure.Of("email", "someone@example.com", WorkedSalt);

        Assert.Equal("WyJBQUVDQXdRRkJnY0lDUW9MREEwT0R3IiwiZW1haWwiLCJzb21lb25lQGV4YW1wbGUuY29tIl0", disclosure.Text);
        Assert.Equal("QteiOogLz8dC4g8Yr0exU4omaEbNksnAqwg_r2tOXUw", disclosure.Digest);
    }

    [Fact]
    public void DigestOf_TheExampleOfRfc9901_IsThePublishedDigest()
    {
        // RFC 9901 prints the array with a blank after each comma.
        var text = Base64Url.EncodeToString(Encoding.UTF8.GetBytes("""["_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius"]"""));

        Assert.Equal("X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0", Disclosure.DigestOf(text));
    }

    [Theory]
    [InlineData("""{"_sd":["QteiOogLz8dC4g8Yr0exU4omaEbNksnAqwg_r2tOXUw"],"_sd_alg":"sha-256","id":"01980000-0000-7000-8000-000000000001","kind":"attestation.accepted","v":1}""", "3c368fcb3a6b2638e9f5a6dc1622bd39421db71c7b42828e2586c7216c08f16b")]
    [InlineData("""{"id":"01980000-0000-7000-8000-000000000002","kind":"ledger.heartbeat","v":1}""", "953a7403874e345fc23d84d067ea418b40fe96ee6481ccf915937841ebcdeb6a")]
    public void LeafHash_WorkedVector_IsThePublishedHash(string entry, string hash) =>
        Assert.Equal(hash, Convert.ToHexStringLower(LeafHash.Of(Encoding.UTF8.GetBytes(entry))));

    [Fact]
    public void ToBytes_FullEntry_IsCanonical()
    {
        var bytes = Sample("O'Neil \"x\" \\ \u0001 葛 𠮷").ToBytes();
        using var parsed = JsonDocument.Parse(bytes);

        AssertSorted(parsed.RootElement);
        Assert.DoesNotContain((byte)' ', bytes);
        Assert.DoesNotContain("Neil", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void ToBytes_LegacyConfirmation_LeavesOutWhatWasNotShown()
    {
        var text = Encoding.UTF8.GetString(Sample("x").ToBytes());

        Assert.DoesNotContain("sha256\":", text.Replace("sha-256", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("locale", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"len\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Disclosure_ValueWithEveryKindOfCharacter_RoundTrips()
    {
        const string value = "\"\\\b\f\n\r\t\u0000\u001f/é葛𠮷\u2028<>&'";
        var json = Base64Url.DecodeFromChars(Disclosure.Of("n", value, WorkedSalt).Text);
        using var parsed = JsonDocument.Parse(json);

        Assert.Equal(value, parsed.RootElement[2].GetString());
    }

    private static LedgerEntry Sample(string name) => new()
    {
        Id = new EntryId(Guid.Parse("01980000-0000-7000-8000-000000000001")),
        Kind = "attestation.accepted",
        At = DateTimeOffset.UnixEpoch,
        Recorded = DateTimeOffset.UnixEpoch.AddMilliseconds(7),
        Policy = "built-in",
        Agreement = new AgreementReference("MicrosoftCustomerAgreement", "117a77b0-9360-443b-8795-c6dedc750cf9", "2"),
        Method = "partner-legacy",
        Level = "link",
        Relations = [new EntryRelation("supersedes", new EntryId(Guid.Parse("01980000-0000-7000-8000-000000000000")))],
        Retention = "agreement",
        Disclosures = [Disclosure.Of("lastName", name, WorkedSalt), Disclosure.Of("firstName", "y", WorkedSalt)],
    };

    private static void AssertSorted(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            var names = element.EnumerateObject().Select(member => member.Name).ToArray();
            Assert.Equal(names.Order(StringComparer.Ordinal), names);
            foreach (var member in element.EnumerateObject())
            {
                AssertSorted(member.Value);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0 && element[0].ValueKind == JsonValueKind.String)
        {
            var items = element.EnumerateArray().Select(item => item.GetString()).ToArray();
            Assert.Equal(items.Order(StringComparer.Ordinal), items);
        }
    }
}
