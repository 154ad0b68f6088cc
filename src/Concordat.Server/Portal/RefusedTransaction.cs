using System.Text.Json;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Portal;

/// <summary>A transaction that the gate refused, from its audit row.</summary>
/// <param name="At">When, by the policy clock.</param>
/// <param name="Operation">Partner Center's word for it.</param>
/// <param name="Action">What it would have done; null where the row does not say.</param>
/// <param name="Code">The code of the refusal.</param>
/// <param name="Reason">What was lacking.</param>
/// <param name="Rule">The rule that refused.</param>
/// <param name="RequestId">By which the caller knows it.</param>
internal sealed record RefusedTransaction(
    DateTimeOffset At, string Operation, ActionClass? Action, int? Code, RefusalReason Reason, string Rule, string RequestId)
{
    public static RefusedTransaction Of(AuditRow row)
    {
        using var decision = JsonDocument.Parse(row.Decision!);
        var root = decision.RootElement;
        var facts = root.GetProperty("facts");
        return new RefusedTransaction(
            row.At, row.Operation, Word<ActionClass>(facts, "action"), root.TryGetProperty("code", out var code) ? code.GetInt32() : null,
            Word<RefusalReason>(facts, "reason") ?? RefusalReason.None, root.GetProperty("rule").GetString()!, row.RequestId);
    }

    private static T? Word<T>(JsonElement facts, string name) where T : struct, Enum =>
        facts.TryGetProperty(name, out var word) && Enum.TryParse<T>(word.GetString(), ignoreCase: true, out var value) ? value : null;
}
