using System.Text.Json;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Operations;

namespace Concordat.Server.Tests;

/// <summary>Enhanced attestations for one test each, asked for over the wire and answered as the page answers.</summary>
internal static class FreshAttestations
{
    public const string Path = "/v1/attestations/enhanced";

    public static string Body(string email = "mika@fresh.example", CustomerId? customer = null, string? minimum = null) => JsonSerializer.Serialize(new
    {
        country = "JP",
        language = "ja-jp",
        companyName = "Fresh Bakery",
        signatoryFirstName = "Mika",
        signatoryLastName = "Aoki",
        signatoryEmail = email,
        signatoryPhoneNumber = "0355550100",
        customerTenantId = customer?.ToString(),
        minimumAssurance = minimum,
    });

    public static async Task<OpenedAttestation> CreateAsync(TestServer server, CustomerId? customer = null, string? minimum = null)
    {
        var created = await server.SendAsync("POST", Path, Body(customer: customer, minimum: minimum), who: "app");
        Assert.Equal(201, created.Status);
        var id = new AttestationId(created.Json["attestationId"]!.GetValue<Guid>());
        return (await Attestations.FindAsync(server.Parts.Context, TestServer.Partner("aozora").Id, id))!;
    }

    public static Presentation Shown(TestServer server, OpenedAttestation opened)
    {
        var text = opened.Attestation.TextAt(server.Parts.Context.PolicyNow(PartnerOf(server).Environment));
        return new Presentation(Convert.ToHexStringLower(text.Sha256.Span), new string('a', 64), new string('b', 64), new string('c', 64), "test");
    }

    public static Partner PartnerOf(TestServer server) => server.Parts.Directory.Find(TestServer.Partner("aozora").Id)!;

    public static Task<Outcome<AnsweredAttestation>> AnswerAsync(TestServer server, OpenedAttestation opened, bool accepts, Func<AnswerClaim, AnswerClaim>? with = null)
    {
        var shown = Shown(server, opened);
        var claim = new AnswerClaim(accepts, shown, shown);
        return server.Parts.Context.Loop.RunAsync(new AnswerAttestation(server.Parts.Context, PartnerOf(server), opened, with?.Invoke(claim) ?? claim));
    }

    /// <summary>An attestation in a state: <c>pending</c>, <c>accepted</c> or <c>declined</c>.</summary>
    public static async Task<AttestationId> AddAsync(TestServer server, string state, CustomerId? customer = null)
    {
        var opened = await CreateAsync(server, customer);
        if (state != "pending")
        {
            _ = (await AnswerAsync(server, opened, accepts: state == "accepted")).Value;
        }

        return opened.Attestation.Id;
    }
}
