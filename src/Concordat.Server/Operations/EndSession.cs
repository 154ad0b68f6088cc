using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>Ends one session; with <paramref name="everywhere"/>, all sessions of its person. Answers how many ended.</summary>
internal sealed class EndSession(SessionRow session, bool everywhere) : Operation<int>
{
    public override IReadOnlyList<long> Keys { get; } = [LockKeys.OfPerson(session.Tenant, session.Person)];

    public override PartnerScope Scope => PartnerScope.None;

    protected override async ValueTask<Outcome<int>> DecideAsync(Tx tx) => everywhere
        ? await SessionRows.RemoveAllAsync(tx, session.Tenant, session.Person)
        : await SessionRows.RemoveAsync(tx, session.Hash);
}
