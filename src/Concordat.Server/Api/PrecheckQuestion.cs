using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Core.Policy;
using Concordat.Server.Hosting.Identity;
using Microsoft.AspNetCore.WebUtilities;

namespace Concordat.Server.Api;

/// <summary>"May this customer do X by way Y on date D": everything but the customer.</summary>
/// <param name="Action">What it would do.</param>
/// <param name="Channel">By which way.</param>
/// <param name="At">When, UTC; null means now by the policy clock of the partner's environment.</param>
/// <param name="Product">Product id, for rules that name products; null when unknown.</param>
/// <param name="Explain">Say also which facts it rests on.</param>
internal readonly record struct PrecheckQuestion(ActionClass Action, Channel Channel, DateTimeOffset? At, string? Product, bool Explain)
{
    /// <summary>A purchase by the API, now.</summary>
    public static readonly PrecheckQuestion Default = new(ActionClass.NewPurchase, Channel.Api, null, null, false);

    /// <summary>Reads a query string without taking it apart into a dictionary; unknown names are ignored.</summary>
    public static Outcome<PrecheckQuestion> Of(string? query)
    {
        var question = Default;
        foreach (var pair in new QueryStringEnumerable(query))
        {
            var read = question.With(pair.DecodeName().Span, pair.DecodeValue().Span);
            if (!read.TryGetValue(out question, out var problem))
            {
                return problem;
            }
        }

        return question;
    }

    /// <summary>The same question with one more member; an empty value counts as absent.</summary>
    public Outcome<PrecheckQuestion> With(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        if (value.IsEmpty)
        {
            return this;
        }

        if (Is(name, "action"))
        {
            return EnumWords<ActionClass>.TryParse(value, out var action) ? this with { Action = action } : Unknown<ActionClass>("action");
        }

        if (Is(name, "channel"))
        {
            return EnumWords<Channel>.TryParse(value, out var channel) ? this with { Channel = channel } : Unknown<Channel>("channel");
        }

        if (Is(name, "at"))
        {
            return Instant.TryParse(value, out var at)
                ? this with { At = at }
                : new Problem(ProblemCode.InvalidInput, "at is an instant such as 2026-01-05T00:00:00Z.", "at");
        }

        return Is(name, "product") ? this with { Product = value.ToString() }
            : Is(name, "explain") ? this with { Explain = value.Equals("true", StringComparison.OrdinalIgnoreCase) }
            : this;
    }

    /// <summary>The question as the gate takes it.</summary>
    public GateQuestion About(in Standing standing, Partner partner, DateTimeOffset now) =>
        new(standing, Action, Channel, partner.Environment, At ?? now, partner.Switches, Product);

    private static bool Is(ReadOnlySpan<char> name, string known) => name.Equals(known, StringComparison.OrdinalIgnoreCase);

    private static Problem Unknown<T>(string field) where T : struct, Enum =>
        new(ProblemCode.UnknownEnumWord, $"{field} is one of {string.Join(", ", EnumWords<T>.All)}.", field);
}
