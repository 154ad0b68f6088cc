using System.Buffers;
using System.Text;
using System.Text.Json;
using Concordat.Core;
using Concordat.Core.Policy;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>Builds audit rows; a decision is kept with everything that explains it later.</summary>
internal static class Audit
{
    public static AuditRow Of(
        OperationContext context, Actor actor, CustomerId? customer, string operation, string status, Decision? decision, string? resource) => new(
        actor.Partner.Id, context.Ids.NewId(), context.PolicyNow(actor.Partner.Environment), customer, operation, status,
        FirstOf(actor.RequestId), actor.Subject, actor.App, actor.Operator, resource, decision is null ? null : ToJson(decision));

    /// <summary>The element of a request-id list that identifies the request.</summary>
    public static string FirstOf(string requestId) => requestId.Split(',', 2)[0].Trim().ToLowerInvariant();

    private static string ToJson(Decision decision)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (decision.Refusal is { } code)
            {
                json.WriteNumber("code", (int)code);
            }

            json.WriteString("rule", decision.RuleId);
            json.WriteStartObject("facts");
            foreach (var fact in decision.Facts)
            {
                json.WriteString(fact.Name, fact.Value);
            }

            json.WriteEndObject();
            json.WriteStartArray("remedies");
            foreach (var remedy in decision.Remedies)
            {
                json.WriteStringValue(JsonNamingPolicy.CamelCase.ConvertName(remedy.ToString()));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
