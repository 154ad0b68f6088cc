using Concordat.Core;
using Concordat.Server.Hosting;

namespace Concordat.Server.Operations;

/// <summary>Finalises an attestation, and keeps on record when that was refused: somebody may be trying ids.</summary>
internal static class Finalising
{
    public static async Task<Outcome<ConfirmedAgreement>> RunAsync(
        OperationContext context, AuditTrail trail, ILogger log, Actor actor, CustomerId customer, RequestKey? key, AttestationId id)
    {
        var opened = await Attestations.FindAsync(context, actor.Partner.Id, id);
        var outcome = opened is null
            ? Attestations.NotFound()
            : await context.Loop.RunAsync(new FinaliseAttestation(context, actor, customer, key, opened));
        if (outcome.Problem is not { } problem)
        {
            return outcome;
        }

        if (problem.Code == ProblemCode.AttestationOfAnother)
        {
            LogEvents.AttestationOfAnother(log, actor.Partner.Id, actor.RequestId);
        }

        return trail.TryAdd(Audit.Of(context, actor, customer, "finalise_attestation", "failed", null, id.ToString()))
            ? outcome
            : new Problem(ProblemCode.Overloaded, "The audit cannot keep up. Repeat the request.") { RetryAfter = TimeSpan.FromSeconds(1) };
    }
}
