using System.Security.Cryptography;
using System.Text;
using Concordat.Core.Ledger;

namespace Concordat.Core.Tests.Ledger;

/// <summary>A ledger in memory with receipts as the service makes them; every fifth entry is small and discloses nothing.</summary>
internal sealed class SampleLedger : IDisposable
{
    public const string Origin = "concordat.example/ledger/1";

    private readonly List<byte[]> hashes = [];
    private readonly List<IReadOnlyList<Disclosure>> disclosures = [];

    public SampleLedger(int entries)
    {
        for (var i = 0; i < entries; i++)
        {
            Add(i);
        }
    }

    public LedgerKey Key { get; } = new(Origin, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public List<byte[]> Entries { get; } = [];

    public TreeFrontier Frontier { get; } = new();

    public LedgerPolicy Policy => LedgerPolicy.Of(new PolicyLog(Key.Verifier));

    public SignedNote Note => Sign(new Checkpoint(Origin, Frontier.Size, Frontier.Root));

    public SignedNote Sign(Checkpoint checkpoint) => new(checkpoint, [Key.Sign(checkpoint)]);

    public byte[] NodeAt(TreeNode node)
    {
        var width = 1 << node.Level;
        return Tile.Subtree(hashes.Skip((int)node.Index * width).Take(width).SelectMany(hash => hash).ToArray());
    }

    public IReadOnlyList<byte[]> Path(long index, long size) =>
        [.. TreePath.Inclusion(index, size).Select(range => range.Hash(NodeAt))];

    public Receipt Receipt(int index, SignedNote? note = null) => new(
        Entries[index], [.. disclosures[index].Select(disclosure => disclosure.Text)], DocumentsOf(index), null, index,
        Path(index, Frontier.Size), note ?? Note);

    public void Dispose() => Key.Dispose();

    private static ReceiptDocument[] DocumentsOf(int index) =>
        index % 5 == 4 ? [] : [new ReceiptDocument("agreement", TextHash(index)), new ReceiptDocument("screen", TextHash(index + 1))];

    /// <summary>The text that entry <paramref name="index"/> says was shown.</summary>
    public static byte[] TextOf(int index) => Encoding.UTF8.GetBytes($"Agreement text {index} 契約");

    private static string TextHash(int index) => Convert.ToHexStringLower(SHA256.HashData(TextOf(index)));

    private void Add(int i)
    {
        var id = new EntryId(Guid.Parse($"01980000-0000-7000-8000-{i:x12}"));
        var fields = i % 5 == 4 ? [] : new[] { ("company", $"Contoso \"{i}\" 株式会社"), ("email", $"person{i}@example.com"), ("lastName", "Möbius\\\t😀") }
            .Select((field, n) => Disclosure.Of(field.Item1, field.Item2, SHA256.HashData([(byte)n, .. BitConverter.GetBytes(i)]).AsSpan(0, 16))).ToArray();
        var bytes = new LedgerEntry
        {
            Id = id,
            Kind = i % 5 == 4 ? "ledger.heartbeat" : "attestation.accepted",
            At = DateTimeOffset.UnixEpoch.AddDays(20_000 + i),
            Recorded = DateTimeOffset.UnixEpoch.AddDays(20_000 + i).AddMilliseconds(7),
            Policy = "built-in-1",
            Agreement = i % 5 == 4 ? null : new AgreementReference("MicrosoftCustomerAgreement", "117a77b0-9360-443b-8795-c6dedc750cf9", "2", "JP", "ja-JP", TextHash(i), TextOf(i).Length),
            Method = i % 5 == 4 ? null : "partner-legacy",
            Level = i % 5 == 4 ? null : "link",
            Screen = i % 5 == 4 ? null : new ScreenReference("1", TextHash(i + 2), TextHash(i + 3), TextHash(i + 1)),
            Retention = "agreement",
            Disclosures = fields,
        }.ToBytes();
        Entries.Add(bytes);
        disclosures.Add(fields);
        hashes.Add(LeafHash.Of(bytes));
        Frontier.Append(hashes[^1]);
    }
}
