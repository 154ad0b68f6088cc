using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Server.Operations;
using Concordat.Server.Sandbox;
using Concordat.Server.Storage;

namespace Concordat.Server.Tests;

/// <summary>An attestation for a test.</summary>
internal sealed record Asked(string Language = "en-US", string Country = "US", string Company = "Larkspur Design")
{
    public Contact Contact { get; init; } = new("Robin", "Hartley", "robin.hartley@larkspur.example", null);

    public Assurance Assurance { get; init; }

    public CustomerId? Customer { get; init; }

    public string? Address { get; init; }

    public string? UserAgent { get; init; }

    public string Partner { get; init; } = "aozora";

    /// <summary>In Japanese.</summary>
    public static readonly Asked Japanese = new("ja-JP", "JP", "ひので商店") { Contact = new("花子", "佐藤", "hanako.sato@hinode.example", null) };
}

/// <summary>Makes enhanced attestations by the operation, and looks at what became of them.</summary>
internal static class Attesting
{
    public static async Task<AttestationId> CreateAsync(TestServer server, Asked? asked = null)
    {
        asked ??= new Asked();
        var actor = ActorOf(server, asked.Partner);
        var request = new AttestationRequest(asked.Country, asked.Language, asked.Company, asked.Contact, asked.Customer, asked.Assurance, asked.Address)
        {
            UserAgent = asked.UserAgent,
        };
        return (await server.Parts.Context.Loop.RunAsync(new CreateAttestation(server.Parts.Context, actor, null, request))).Value.Attestation.Id;
    }

    /// <summary>The address of its page, without the server's.</summary>
    public static string PathOf(AttestationId id) => $"/mca/?attestationid={id}";

    public static async Task<OpenedAttestation> FindAsync(TestServer server, AttestationId id) =>
        (await Attestations.FindAsync(server.Parts.Context, server.Parts.Directory, id))!.Value.Opened;

    public static async Task<AttestationState> StateAsync(TestServer server, AttestationId id) => (await FindAsync(server, id)).Attestation.State;

    public static async Task CancelAsync(TestServer server, AttestationId id, string partner = "aozora") =>
        _ = (await server.Parts.Context.Loop.RunAsync(new CancelAttestation(server.Parts.Context, ActorOf(server, partner), id))).Value;

    /// <summary>The code that is out, as the mail carries it.</summary>
    public static async Task<string> CodeAsync(TestServer server, AttestationId id, string partner = "aozora")
    {
        var of = TestServer.Partner(partner).Id;
        var row = await server.Parts.Database.ReadAsync(of, tx => AttestationCodeRows.FindAsync(tx, of, id));
        var subject = (await FindAsync(server, id)).Row.Subject!;
        return Attestations.OpenText(server.Parts.Context.Vault.Unwrap(of, subject.WrappedKey), row!.Code);
    }

    /// <summary>The disclosures of the answer's entry, opened.</summary>
    public static async Task<Dictionary<string, string>> DisclosedAsync(TestServer server, AttestationId id)
    {
        var row = (await FindAsync(server, id)).Row;
        var box = await server.Parts.Database.ReadAsync(row.Partner, tx => tx.OneAsync(
            "SELECT sealed FROM disclosures WHERE partner_id = $1 AND entry_id = $2", found => found.Bytes(0), row.Partner.Value, row.Answer!.Entry.Value));
        var text = System.Text.Encoding.ASCII.GetString(SubjectVault.Open(server.Parts.Context.Vault.Unwrap(row.Partner, row.Subject!.WrappedKey), box!));
        return text.Split('\n').Select(line => System.Text.Json.Nodes.JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(line))!.AsArray())
            .ToDictionary(parts => parts[1]!.GetValue<string>(), parts => parts[2]!.GetValue<string>());
    }

    private static Actor ActorOf(TestServer server, string partner)
    {
        var seeded = TestServer.Partner(partner);
        return new Actor(server.Parts.Directory.Find(seeded.Id)!, SeedPlan.AppOf(seeded).AppId, SeedPlan.AppOf(seeded).AppId, null, "test");
    }
}
