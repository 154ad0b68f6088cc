using Concordat.Core;
using Concordat.Core.Policy;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Background.Mails;

/// <summary>
/// Whose mails come next: codes before the rest, then partner by partner in a circle, each partner's oldest first. A partner
/// with a hundred thousand mails does not make another wait for more than its place in the circle.
/// </summary>
internal sealed class MailRound(OperationContext context)
{
    private const int Turns = 2;

    private readonly PartnerId[] last = new PartnerId[Turns];

    /// <summary>Up to <paramref name="limit"/> mails that may go now and that nobody has claimed.</summary>
    public ValueTask<List<MailId>> NextAsync(int limit) => context.Database.ReadEverythingAsync(async tx =>
    {
        var mails = new List<MailId>(limit);
        for (var turn = 0; turn < Turns && mails.Count < limit; turn++)
        {
            await AddAsync(tx, turn, limit, mails);
        }

        return mails;
    });

    private async ValueTask AddAsync(Tx tx, int turn, int limit, List<MailId> mails)
    {
        var wall = context.Clocks.Wall.GetUtcNow();
        var (production, sandbox) = (context.PolicyNow(PartnerEnvironment.Production), context.PolicyNow(PartnerEnvironment.Sandbox));
        var partners = await MailQueueRows.PartnersAsync(tx, turn, wall, production, sandbox);
        var first = partners.FindIndex(partner => Follows(partner.Partner, last[turn]));
        for (var i = 0; i < partners.Count && mails.Count < limit; i++)
        {
            var (partner, environment) = partners[(Math.Max(first, 0) + i) % partners.Count];
            var share = Math.Max(1, (limit - mails.Count) / (partners.Count - i));
            mails.AddRange(await MailQueueRows.OfPartnerAsync(
                tx, partner, turn, wall, environment == PartnerEnvironment.Sandbox ? sandbox : production, share));
            last[turn] = partner;
        }
    }

    // As the database orders ids: by their bytes, most significant first.
    private static bool Follows(PartnerId one, PartnerId other) =>
        one.Value.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(other.Value.ToByteArray(bigEndian: true)) > 0;
}
