using System.Globalization;
using System.Text;
using Concordat.Core.Ledger;
using Concordat.Server.Tests.EndToEnd;

namespace Concordat.Server.Tests.Ledger;

public sealed class ReceiptTests(Servers servers)
{
    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Receipt_OfAConfirmation_VerifiesForEverybody(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        Assert.Equal(201, (await server.SendAsync("POST", $"/v1/customers/{customer}/agreements", server.Confirmation("jun@customer.example"))).Status);
        var record = Assert.Single((await server.SendAsync("GET", $"/api/customers/{customer}/records")).Json["records"]!.AsArray())!;
        var entry = record["entry"]!.GetValue<string>();

        var answer = await server.SendAsync("GET", $"/api/customers/{customer}/records/{entry}/receipt");
        var policy = (await server.SendAsync("GET", "/ledger/1/policy")).Body;
        var verdict = new ReceiptVerifier(LedgerPolicy.Parse(policy).Value).Verify(Encoding.UTF8.GetBytes(answer.Body));

        Assert.Equal("attestation.accepted", record["kind"]!.GetValue<string>());
        Assert.Equal($"attachment; filename=\"{entry}.tlog-proof\"", answer.Headers["Content-Disposition"]);
        Assert.Equal((ReceiptCode.Ok, entry, 0), (verdict.Code, verdict.Facts!.Id, verdict.Facts.Withheld));
        Assert.Contains(new OpenedDisclosure("email", "jun@customer.example"), verdict.Facts.Opened);
        Assert.Contains(new OpenedDisclosure("customer", customer.ToString()), verdict.Facts.Opened);
        Assert.Equal("OK", await IndependentAsync("node", "verify.mjs", answer.Body, policy));
        Assert.Equal("OK", await IndependentAsync("sh", "verify.sh", answer.Body, policy));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Receipt_OfADirectAcceptance_NamesTheCustomerAndNoPerson(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "direct");
        var verdict = await VerifyAsync(server, customer.ToString());

        Assert.Equal([new OpenedDisclosure("customer", customer.ToString())], verdict.Facts!.Opened);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Receipt_PersonGone_WithheldAndIntact(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "attested-current");
        await Tampering.WriteEverywhereAsync(server.Parts, $"DELETE FROM subjects WHERE customer_id = {Tampering.Bytes(engine, customer.Value.ToString("N"))}");

        var verdict = await VerifyAsync(server, customer.ToString());

        Assert.Equal(ReceiptCode.Ok, verdict.Code);
        Assert.Empty(verdict.Facts!.Opened);
        Assert.True(verdict.Facts.Withheld > 8);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Receipt_CallerMayNotSeePeople_Withheld(string engine)
    {
        var server = await servers.GetAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "attested-current");

        Assert.Empty((await VerifyAsync(server, customer.ToString(), who: "app")).Facts!.Opened);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Receipt_OfAnothersRecord_NotFound(string engine)
    {
        var server = await servers.GetAsync(engine);
        var mine = await FreshCustomers.AddAsync(server, "attested-current");
        var other = await FreshCustomers.AddAsync(server, "attested-current");
        var entry = (await server.SendAsync("GET", $"/api/customers/{mine}/records")).Json["records"]![0]!["entry"]!.GetValue<string>();

        Assert.Equal(404, (await server.SendAsync("GET", $"/api/customers/{other}/records/{entry}/receipt")).Status);
        Assert.Equal(404, (await server.SendAsync("GET", $"/api/customers/{mine}/records/{entry}/receipt", partner: "harbor")).Status);
        Assert.Equal(404, (await server.SendAsync("GET", $"/api/customers/{mine}/records", partner: "harbor")).Status);
        Assert.Equal(404, (await server.SendAsync("GET", $"/api/customers/{mine}/records/nothing/receipt")).Status);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Files_OfTheLedger_AreTheSignedTree(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        await LedgerOf.FillAsync(server.Parts, 600);
        await server.Parts.Sequencer.RunAsync();
        await LedgerOf.FillAsync(server.Parts, 50);
        await server.Parts.Sequencer.RunAsync();
        using var http = new HttpClient { BaseAddress = new Uri(server.BaseUrl) };
        var note = SignedNote.Parse(await http.GetByteArrayAsync("/ledger/1/checkpoint", TestContext.Current.CancellationToken))!;
        var size = note.Checkpoint.Size;
        var frontier = new TreeFrontier();
        for (var number = 0; Tile.At(0, number, size) is { } tile; number++)
        {
            var entries = EntryBundle.Read(await http.GetByteArrayAsync($"/ledger/1/{EntryBundle.Path(number, tile.Width)}", TestContext.Current.CancellationToken))!;
            var hashes = entries.Select(entry => LeafHash.Of(entry)).ToList();
            Assert.Equal(hashes.SelectMany(hash => hash), await http.GetByteArrayAsync($"/ledger/1/{tile.Path}", TestContext.Current.CancellationToken));
            hashes.ForEach(frontier.Append);
        }

        Assert.Equal(note.Checkpoint.Root, frontier.Root);
        var upper = await http.GetByteArrayAsync($"/ledger/1/{Tile.At(1, 0, size)!.Value.Path}", TestContext.Current.CancellationToken);
        Assert.Equal(2 * TreeHash.Bytes, upper.Length);
        await CheckConsistencyAsync(server, http, note.Checkpoint);
        foreach (var path in (string[])[$"tile/0/002.p/{size - 511}", "tile/0/003", "tile/0/2", "tile/2/000.p/1", "tile/8/000", "tile/entries/003.p/1", $"consistency?from=1&to={size + 1}", "consistency?from=0&to=5", "consistency", "nothing"])
        {
            Assert.Equal(404, (int)(await http.GetAsync($"/ledger/1/{path}", TestContext.Current.CancellationToken)).StatusCode);
        }

        using var full = await http.GetAsync("/ledger/1/tile/0/000", TestContext.Current.CancellationToken);
        Assert.Contains("immutable", full.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    private static async Task CheckConsistencyAsync(TestServer server, HttpClient http, Checkpoint last)
    {
        var earlier = (await server.Parts.Database.ReadSharedAsync(tx => Server.Storage.CheckpointRows.AfterAsync(tx, 0, 100)))[0];
        foreach (var (from, root) in ((long, byte[])[])[(earlier.Size, earlier.Root), (last.Size, last.Root)])
        {
            var text = await http.GetStringAsync(string.Create(CultureInfo.InvariantCulture, $"/ledger/1/consistency?from={from}&to={last.Size}"));
            Assert.True(MerkleProof.Extends(from, last.Size, root, last.Root, [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Convert.FromBase64String)]));
        }
    }

    private static async Task<Verdict> VerifyAsync(TestServer server, string customer, string who = "admin")
    {
        var entry = (await server.SendAsync("GET", $"/api/customers/{customer}/records", who: who)).Json["records"]![0]!["entry"]!.GetValue<string>();
        var answer = await server.SendAsync("GET", $"/api/customers/{customer}/records/{entry}/receipt", who: who);
        Assert.Equal(200, answer.Status);
        return new ReceiptVerifier(await LedgerOf.PolicyAsync(server.Parts)).Verify(Encoding.UTF8.GetBytes(answer.Body));
    }

    private static async Task<string> IndependentAsync(string program, string script, string receipt, string policy)
    {
        var directory = Directory.CreateTempSubdirectory("concordat-receipt-").FullName;
        try
        {
            var (receiptFile, policyFile) = (Path.Combine(directory, "receipt"), Path.Combine(directory, "policy"));
            await File.WriteAllTextAsync(receiptFile, receipt);
            await File.WriteAllTextAsync(policyFile, policy);
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, [Path.Combine(Child.Root, "verifiers", script), receiptFile, policyFile]) { RedirectStandardOutput = true })!;
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return output.Split(' ')[0];
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
