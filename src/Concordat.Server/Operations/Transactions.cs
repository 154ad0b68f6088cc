using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>
/// Runs gated operations. A refusal needs no place in the writer's queue: it is decided on a reading connection from what
/// is committed, recorded in the audit with the next commit (within a second), and answered at once. What would be permitted goes to the
/// commit loop, which asks again inside the transaction.
/// </summary>
internal sealed class Transactions(OperationContext context, AuditTrail trail)
{
    public async Task<Outcome<T>> RunAsync<T>(GatedOperation<T> operation)
    {
        var refused = await context.Database.ReadAsync(operation.Scope, operation.PreviewAsync);
        // A repeated request gets its first answer even when the gate has closed since.
        if (refused is not null && !(operation.Key is { } key
            && await context.Database.ReadAsync(key.Partner, tx => IdempotencyRows.IsKnownAsync(tx, key.Partner, key.KeyHash))))
        {
            return Refuse(operation, refused);
        }

        var outcome = await context.Loop.RunAsync(operation);
        return outcome.Problem is { } problem ? Refuse(operation, problem) : outcome;
    }

    private Outcome<T> Refuse<T>(GatedOperation<T> operation, Problem problem)
    {
        if (problem.Decision is { } decision)
        {
            var row = Audit.Of(context, operation.Actor, operation.Customer, operation.AuditWord, "failed", decision, null);
            if (!trail.TryAdd(row))
            {
                return new Problem(ProblemCode.Overloaded, "The audit cannot keep up. Repeat the request.") { RetryAfter = TimeSpan.FromSeconds(1) };
            }
        }

        return problem;
    }
}
