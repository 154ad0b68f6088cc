using System.Buffers.Text;
using System.Security.Cryptography;
using Concordat.Core;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>What a code was worth.</summary>
/// <param name="Proof">
/// For the right one: 256 random bits that the page carries in its form and the answer brings back. Whoever else holds the link
/// has no use of it. Null for a wrong one.
/// </param>
/// <param name="TriesLeft">How many more may be wrong; 0 when another code is needed.</param>
internal sealed record CheckedCode(string? Proof, int TriesLeft);

/// <summary>Compares what was entered with the code that is out. A wrong one is an answer and not a refusal: it is counted.</summary>
internal sealed class CheckAttestationCode(OperationContext context, Partner partner, AttestationId id, string entered) : Operation<CheckedCode>
{
    private const int ProofBytes = 32;

    private readonly PlannedRead<AttestationCodeRow> read = AttestationCodeRows.PlanFind(partner.Id, id);

    public override IReadOnlyList<long> Keys { get; } = [Attestations.LockOf(id)];

    public override PartnerScope Scope { get; } = PartnerScope.Of(partner.Id);

    public override void Plan(List<PlannedRead> reads) => reads.Add(read);

    protected override async ValueTask<Outcome<CheckedCode>> DecideAsync(Tx tx)
    {
        if (read.Rows is not [var row] || row.TriesLeft == 0 || context.Clocks.Wall.GetUtcNow() >= row.ExpiresAt)
        {
            return new CheckedCode(null, 0);
        }

        var given = Attestations.SecretHash(context.Vault, partner.Id, id, entered);
        if (!CryptographicOperations.FixedTimeEquals(row.CodeHash, given))
        {
            await AttestationCodeRows.SaveAsync(tx, partner.Id, id, row with { TriesLeft = row.TriesLeft - 1 });
            return new CheckedCode(null, (int)row.TriesLeft - 1);
        }

        var bytes = new byte[ProofBytes];
        context.Ids.Fill(bytes);
        var proof = Base64Url.EncodeToString(bytes);
        await AttestationCodeRows.SaveAsync(tx, partner.Id, id, row with
        {
            TriesLeft = 0,
            ProofHash = Attestations.SecretHash(context.Vault, partner.Id, id, proof),
        });
        return new CheckedCode(proof, 0);
    }
}
