using System.Diagnostics;
using System.Text.Json.Nodes;
using Concordat.Core.Ledger;
using Concordat.Core.Tests.Ledger;
using Concordat.Server.Tests.EndToEnd;

namespace Concordat.Server.Tests.Ledger;

/// <summary>The program <c>concordat</c>, as somebody runs it.</summary>
public sealed class CliTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("concordat-cli-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Verify_ReceiptsGoodAndBad_ExitWithTheirCodes()
    {
        using var ledger = new SampleLedger(20);
        var policy = Place("policy");
        await File.WriteAllTextAsync(policy, ledger.Policy.ToString(), TestContext.Current.CancellationToken);
        var receipt = Place("receipt");
        var good = ledger.Receipt(0);
        await File.WriteAllBytesAsync(receipt, good.ToBytes(), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Place("text"), SampleLedger.TextOf(0), TestContext.Current.CancellationToken);

        var (code, output) = await RunAsync("verify", receipt, "--policy", policy);
        Assert.Equal(0, code);
        Assert.StartsWith("OK entry 0 of 20", output, StringComparison.Ordinal);
        Assert.Contains("person0@example.com", output, StringComparison.Ordinal);
        var json = JsonNode.Parse((await RunAsync("verify", receipt, "--policy", policy, "--json", "--document", Place("text"))).Output)!;
        Assert.Equal("OK", json["code"]!.GetValue<string>());
        Assert.Equal("person0@example.com", json["disclosed"]!["email"]!.GetValue<string>());

        Assert.Equal(17, (await RunAsync("verify", receipt, "--policy", policy, "--document", policy)).Code);
        Assert.Equal(19, (await RunAsync("verify", Place("nothing"), "--policy", policy)).Code);
        Assert.Equal(2, (await RunAsync("verify", receipt)).Code);
        Assert.Equal(2, (await RunAsync("verify", receipt, "--policy", policy, "--nonsense")).Code);
        Assert.Equal(11, (await RunAsync("verify", receipt, "--policy", receipt)).Code);
        await File.WriteAllBytesAsync(receipt, (good with { Index = 1 }).ToBytes(), TestContext.Current.CancellationToken);
        Assert.Equal(14, (await RunAsync("verify", receipt, "--policy", policy)).Code);
        await File.WriteAllTextAsync(receipt, "x", TestContext.Current.CancellationToken);
        Assert.Equal(10, (await RunAsync("verify", receipt, "--policy", policy)).Code);
    }

    [Fact]
    public async Task Follow_LedgerGrowsThenContradictsItself_AlarmsAndKeepsBoth()
    {
        await using var server = await TestServer.StartAsync("sqlite");
        await server.Parts.Sequencer.RunAsync();
        var policy = Place("policy");
        await File.WriteAllTextAsync(policy, (await LedgerOf.PolicyAsync(server.Parts)).ToString(), TestContext.Current.CancellationToken);
        string[] follow = ["ledger", "follow", $"{server.BaseUrl}/ledger/1", "--policy", policy, "--state", Place("state")];

        Assert.Contains("the first look", (await RunAsync(follow)).Output, StringComparison.Ordinal);
        await LedgerOf.FillAsync(server.Parts, 300);
        await server.Parts.Sequencer.RunAsync();
        Assert.Equal(0, (await RunAsync(follow)).Code);
        Assert.Equal(0, (await RunAsync(follow)).Code);

        var last = SignedNote.Parse(await File.ReadAllTextAsync(Place("state"), TestContext.Current.CancellationToken))!;
        foreach (var (seen, alarm) in ((Checkpoint, string)[])[
            (last.Checkpoint with { Size = last.Checkpoint.Size + 1 }, "rolled back"),
            (last.Checkpoint with { Root = TreeHash.Empty }, "forked"),
            (last.Checkpoint with { Size = last.Checkpoint.Size - 1 }, "forked")])
        {
            await File.WriteAllTextAsync(Place("state"), (last with { Checkpoint = seen }).Text, TestContext.Current.CancellationToken);
            var (code, output) = await RunAsync(follow);

            Assert.Equal(14, code);
            Assert.StartsWith($"E_PATH {alarm}", output, StringComparison.Ordinal);
            Assert.Equal(last.Text, await File.ReadAllTextAsync(Place("state.contradiction"), TestContext.Current.CancellationToken));
            Assert.Equal((last with { Checkpoint = seen }).Text, await File.ReadAllTextAsync(Place("state"), TestContext.Current.CancellationToken));
        }

        Assert.Equal(19, (await RunAsync("ledger", "follow", "http://127.0.0.1:1/ledger/1", "--policy", policy, "--state", Place("other"))).Code);
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] args)
    {
        var program = Path.Combine(Child.Root, "artifacts", "bin", "Concordat.Cli", "release", "concordat.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await errors;
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    private string Place(string name) => Path.Combine(directory, name);
}
