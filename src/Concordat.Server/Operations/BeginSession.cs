using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// Stores the session of a person who has just signed in, and ends the one that their browser had before: an id that was
/// known before a sign-in is worth nothing after it.
/// </summary>
internal sealed class BeginSession(SessionRow session, SessionRow? before) : Operation<bool>
{
    public override IReadOnlyList<long> Keys { get; } = before is null || before.Person == session.Person
        ? [LockKeys.OfPerson(session.Tenant, session.Person)]
        : [LockKeys.OfPerson(session.Tenant, session.Person), LockKeys.OfPerson(before.Tenant, before.Person)];

    public override PartnerScope Scope => PartnerScope.None;

    protected override async ValueTask<Outcome<bool>> DecideAsync(Tx tx)
    {
        if (before is not null)
        {
            await SessionRows.RemoveAsync(tx, before.Hash);
        }

        await SessionRows.AddAsync(tx, session);
        return true;
    }
}
