using System.Buffers;
using System.Globalization;

namespace Concordat.Core.Ledger;

/// <summary>
/// What one ledger entry says in clear: nothing personal and nothing that names a tenant. <see cref="ToBytes"/> gives
/// the final bytes, which are stored, hashed and never serialised again (docs/ledger-format.md).
/// </summary>
public sealed record LedgerEntry
{
    /// <summary>Largest entry in bytes.</summary>
    public const int MaxBytes = 16_384;

    /// <summary>The event's id.</summary>
    public required EntryId Id { get; init; }
    /// <summary>One word of the fixed list, such as <c>attestation.accepted</c>.</summary>
    public required string Kind { get; init; }
    /// <summary>When it happened by the policy clock, UTC.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>When it was recorded by the wall clock, UTC.</summary>
    public required DateTimeOffset Recorded { get; init; }
    /// <summary>Version of the rule set in force.</summary>
    public required string Policy { get; init; }
    /// <summary>The agreement; null where the kind has none.</summary>
    public AgreementReference? Agreement { get; init; }
    /// <summary>By which route: <c>partner-legacy</c>, <c>partner-bulk</c>, <c>direct</c> ...</summary>
    public string? Method { get; init; }
    /// <summary>Assurance: <c>link</c>, <c>mailbox</c> or <c>signed-in</c>.</summary>
    public string? Level { get; init; }
    /// <summary>Entries this one supersedes, corrects or relates to.</summary>
    public IReadOnlyList<EntryRelation> Relations { get; init; } = [];
    /// <summary>The new signing key, for <c>key.rotated</c>.</summary>
    public string? Key { get; init; }
    /// <summary>Retention class.</summary>
    public string? Retention { get; init; }
    /// <summary>What was on the screen; null where nothing was shown.</summary>
    public ScreenReference? Screen { get; init; }
    /// <summary>The salted fields; only their digests go into the bytes.</summary>
    public IReadOnlyList<Disclosure> Disclosures { get; init; } = [];

    /// <summary>The canonical bytes (restricted RFC 8785); at most <see cref="MaxBytes"/>.</summary>
    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>(1024);
        var first = true;
        output.Write("{"u8);
        WriteDigests(output, ref first);
        if (Agreement is not null)
        {
            output.WriteName("agr", ref first);
            Agreement.Write(output);
        }

        Member(output, "at", Instant(At), ref first);
        Member(output, "id", Id.ToString(), ref first);
        Member(output, "key", Key, ref first);
        Member(output, "kind", Kind, ref first);
        Member(output, "level", Level, ref first);
        Member(output, "method", Method, ref first);
        Member(output, "policy", Policy, ref first);
        Member(output, "rec", Instant(Recorded), ref first);
        WriteRelations(output, ref first);
        Member(output, "ret", Retention, ref first);
        if (Screen is not null)
        {
            output.WriteName("ui", ref first);
            Screen.Write(output);
        }

        output.WriteName("v", ref first);
        output.Write("1}"u8);
        return output.WrittenCount <= MaxBytes
            ? output.WrittenSpan.ToArray()
            : throw new InvalidOperationException($"An entry of {output.WrittenCount} bytes exceeds {MaxBytes}.");
    }

    /// <summary>An instant as entries write it: UTC, three fraction digits, <c>Z</c>.</summary>
    public static string Instant(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private void WriteDigests(ArrayBufferWriter<byte> output, ref bool first)
    {
        if (Disclosures.Count == 0)
        {
            return;
        }

        output.WriteName("_sd", ref first);
        var separator = "["u8;
        foreach (var digest in Disclosures.Select(disclosure => disclosure.Digest).Order(StringComparer.Ordinal))
        {
            output.Write(separator);
            output.WriteString(digest);
            separator = ","u8;
        }

        output.Write("]"u8);
        Member(output, "_sd_alg", "sha-256", ref first);
    }

    private void WriteRelations(ArrayBufferWriter<byte> output, ref bool first)
    {
        if (Relations.Count == 0)
        {
            return;
        }

        output.WriteName("rel", ref first);
        var separator = "["u8;
        foreach (var relation in Relations)
        {
            output.Write(separator);
            var firstMember = true;
            output.Write("{"u8);
            Member(output, "id", relation.Id.ToString(), ref firstMember);
            Member(output, "kind", relation.Kind, ref firstMember);
            output.Write("}"u8);
            separator = ","u8;
        }

        output.Write("]"u8);
    }

    internal static void Member(ArrayBufferWriter<byte> output, string name, string? value, ref bool first)
    {
        if (value is not null)
        {
            output.WriteName(name, ref first);
            output.WriteString(value);
        }
    }
}

/// <summary>Another entry and how this one stands to it: <c>supersedes</c>, <c>corrects</c> or <c>relates</c>.</summary>
public readonly record struct EntryRelation(string Kind, EntryId Id);

/// <summary>
/// The agreement an entry is about. A legacy confirmation leaves locale, digest and length out, as nothing was shown.
/// </summary>
/// <param name="Type"><c>MicrosoftCloudAgreement</c> or <c>MicrosoftCustomerAgreement</c>.</param>
/// <param name="Template">Template id, lower case.</param>
/// <param name="Version">Version number as text.</param>
/// <param name="Country">ISO alpha-2, when known.</param>
/// <param name="Locale">Language tag of the text that was shown.</param>
/// <param name="Sha256">Digest of the very text that was shown, 64 lower-case hex digits.</param>
/// <param name="Length">Its length in bytes.</param>
public sealed record AgreementReference(
    string Type, string Template, string Version, string? Country = null, string? Locale = null, string? Sha256 = null, long? Length = null)
{
    internal void Write(ArrayBufferWriter<byte> output)
    {
        var first = true;
        output.Write("{"u8);
        LedgerEntry.Member(output, "country", Country, ref first);
        if (Length is { } length)
        {
            output.WriteName("len", ref first);
            output.WriteNumber(length);
        }

        LedgerEntry.Member(output, "locale", Locale, ref first);
        LedgerEntry.Member(output, "sha256", Sha256, ref first);
        LedgerEntry.Member(output, "template", Template, ref first);
        LedgerEntry.Member(output, "type", Type, ref first);
        LedgerEntry.Member(output, "version", Version, ref first);
        output.Write("}"u8);
    }
}

/// <summary>The screen on which an agreement was shown, by build and digests (64 lower-case hex digits each).</summary>
/// <param name="Build">Of the page.</param>
/// <param name="StatementSha256">The statement beside the box.</param>
/// <param name="ButtonSha256">The words on the button that was pressed.</param>
/// <param name="ScreenSha256">Everything on the page around the text.</param>
public sealed record ScreenReference(string Build, string StatementSha256, string ButtonSha256, string ScreenSha256)
{
    internal void Write(ArrayBufferWriter<byte> output)
    {
        var first = true;
        output.Write("{"u8);
        LedgerEntry.Member(output, "build", Build, ref first);
        LedgerEntry.Member(output, "button_sha256", ButtonSha256, ref first);
        LedgerEntry.Member(output, "screen_sha256", ScreenSha256, ref first);
        LedgerEntry.Member(output, "statement_sha256", StatementSha256, ref first);
        output.Write("}"u8);
    }
}
