using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Server.Hosting;
using Concordat.Server.Storage;

namespace Concordat.Server.Api;

/// <summary>One question of a list; members as in the query of the single pre-check.</summary>
internal sealed record PrecheckItem(string? Customer, string? Action, string? At, string? Channel, string? Product);

/// <summary>Up to 1,000 questions, answered in their order.</summary>
internal sealed record PrecheckListBody(IReadOnlyList<PrecheckItem?>? Items, bool Explain);

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PrecheckListBody))]
internal sealed partial class PrecheckJson : JsonSerializerContext;

/// <summary>Pre-checks many customers at once. An item that cannot be answered says why and never fails its neighbours.</summary>
internal sealed class PrecheckList(DecisionBodies bodies)
{
    private const int MostItems = 1_000;

    public async Task PostAsync(Call call)
    {
        if (!call.Read(PrecheckJson.Default.PrecheckListBody).TryGetValue(out var body, out var problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        if (body.Items is not { Count: > 0 and <= MostItems } items)
        {
            await call.RefuseAsync(new Problem(ProblemCode.InvalidInput, "Send 1 to 1,000 items.", "items"));
            return;
        }

        var now = call.Parts.Context.PolicyNow(call.Partner.Environment);
        var buffer = new ArrayBufferWriter<byte>(256 * items.Count);
        using (var json = new Utf8JsonWriter(buffer, JsonBody.Writer))
        {
            json.WriteStartObject();
            json.WriteStartArray("results");
            // One reading connection for the whole list; items that memory answers do not use it.
            await call.ReadAsync(async tx =>
            {
                foreach (var item in items)
                {
                    await WriteAsync(json, tx, call, item, body.Explain, now);
                }

                return true;
            });
            json.WriteEndArray();
            json.WriteEndObject();
        }

        await call.RespondAsync(buffer.WrittenMemory);
    }

    private async ValueTask WriteAsync(Utf8JsonWriter json, Tx tx, Call call, PrecheckItem? item, bool explain, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("customer", item?.Customer);
        var answered = await AnswerAsync(tx, call, item, explain, now);
        if (answered.TryGetValue(out var decision, out var problem))
        {
            json.WritePropertyName("decision");
            json.WriteRawValue(decision, skipInputValidation: true);
        }
        else
        {
            json.WriteStartObject("problem");
            json.WriteString("code", ApiError.WordOf(problem.Code));
            json.WriteString("detail", problem.Message);
            json.WriteString("field", problem.Field);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private async ValueTask<Outcome<byte[]>> AnswerAsync(Tx tx, Call call, PrecheckItem? item, bool explain, DateTimeOffset now)
    {
        if (!Guids.TryParse(item?.Customer, out var id))
        {
            return new Problem(ProblemCode.InvalidCustomerId, "The customer id is not a GUID.", "customer");
        }

        if (!Read(item!).TryGetValue(out var question, out var problem))
        {
            return problem;
        }

        var (partner, customer, past) = (call.Partner, new CustomerId(id), question.At < now);
        var standings = call.Parts.Context.Standings;
        if (past || !standings.Complete || !standings.TryGet(partner.Id, customer, out var known) || !known.Active)
        {
            var read = await Precheck.StandingAsync(tx, partner.Id, customer, partner.Switches, past ? question.At : null);
            return read.TryGetValue(out var standing, out problem) ? Decide(question, standing) : problem;
        }

        return Decide(question, known.Standing);

        byte[] Decide(in PrecheckQuestion about, in Standing standing)
        {
            var asked = about.About(standing, partner, now);
            return explain ? bodies.Explained(asked) : bodies.Of(asked);
        }
    }

    private static Outcome<PrecheckQuestion> Read(PrecheckItem item)
    {
        Outcome<PrecheckQuestion> question = PrecheckQuestion.Default;
        foreach (var (name, value) in new[] { ("action", item.Action), ("at", item.At), ("channel", item.Channel), ("product", item.Product) })
        {
            if (question.Problem is null)
            {
                question = question.Value.With(name, value);
            }
        }

        return question;
    }
}
