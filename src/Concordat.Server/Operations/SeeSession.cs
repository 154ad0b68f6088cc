using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>Notes that a session is in use.</summary>
internal sealed class SeeSession(SessionRow session, DateTimeOffset now) : Operation<bool>
{
    public override IReadOnlyList<long> Keys { get; } = [LockKeys.OfPerson(session.Tenant, session.Person)];

    public override PartnerScope Scope => PartnerScope.None;

    protected override async ValueTask<Outcome<bool>> DecideAsync(Tx tx) => await SessionRows.SeeAsync(tx, session.Hash, now) > 0;
}
