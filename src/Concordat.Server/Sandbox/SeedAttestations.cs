using System.Security.Cryptography;
using System.Text;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Server.Operations;

namespace Concordat.Server.Sandbox;

/// <summary>The attestations that the sandbox starts with: one to be answered, one to make an agreement of.</summary>
internal static class SeedAttestations
{
    /// <summary>Makes both an hour ago by the clock as it stands, and answers the second one now.</summary>
    public static async Task AddAsync(OperationContext context, Actor actor)
    {
        var clock = context.Clocks.Policy(actor.Partner.Environment);
        foreach (var seed in SeedPlan.Attestations)
        {
            var offset = clock.Offset;
            clock.Offset = offset - TimeSpan.FromHours(1);
            var asked = new AttestationRequest(
                seed.Customer.Country, "ja-JP", seed.Customer.Name, new Contact("一郎", "鈴木", $"suzuki@{seed.Customer.Key}.example", "0355550101"),
                seed.Customer.Id, Assurance.Link, null);
            var opened = (await context.Loop.RunAsync(new CreateAttestation(context, actor, null, asked, seed.Id))).Value;
            clock.Offset = offset;
            if (seed.State == AttestationState.Accepted)
            {
                var text = opened.Attestation.TextAt(context.PolicyNow(actor.Partner.Environment));
                var shown = new Presentation(
                    Convert.ToHexStringLower(text.Sha256.Span), DigestOf("statement"), DigestOf("button"), DigestOf("screen"), "sandbox");
                _ = (await context.Loop.RunAsync(new AnswerAttestation(context, actor.Partner, opened, new AnswerClaim(true, shown, shown)))).Value;
            }
        }
    }

    private static string DigestOf(string what) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"concordat sandbox/{what}")));
}
