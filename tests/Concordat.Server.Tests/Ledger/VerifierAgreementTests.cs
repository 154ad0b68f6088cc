using System.Diagnostics;
using System.Globalization;
using System.Text;
using Concordat.Core.Ledger;
using Concordat.Core.Tests.Ledger;
using Concordat.Server.Tests.Campaigns;
using Concordat.Server.Tests.EndToEnd;

namespace Concordat.Server.Tests.Ledger;

/// <summary>
/// The verifiers that were written from docs/ledger-format.md, and ours, over the same receipts: half of them are corrupted in
/// one place, and every one gets the same code from all. 500 receipts, 10,000 in the long campaigns.
/// </summary>
public sealed class VerifierAgreementTests : IDisposable
{
    private const int Entries = 240;

    private readonly SampleLedger ledger = new(Entries);
    private readonly string directory = Directory.CreateTempSubdirectory("concordat-receipts-").FullName;

    public void Dispose()
    {
        ledger.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Verify_HalfCorrupted_AllGiveTheSameCode()
    {
        var random = new Random(20_251_121);
        var verifier = new ReceiptVerifier(ledger.Policy);
        var note = ledger.Note;
        var expected = new List<string>();
        for (var i = 0; i < Campaign.Count(quick: 500, full: 10_000); i++)
        {
            var good = ledger.Receipt(random.Next(Entries), note);
            var bytes = i % 2 == 0 ? good.ToBytes() : Corruptions.InOnePlace(good, ledger, random);
            var path = Path.Combine(directory, i.ToString("D5", CultureInfo.InvariantCulture));
            await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
            var code = verifier.Verify(bytes).Code;
            Assert.True(i % 2 == 1 || code == ReceiptCode.Ok);
            Assert.True(i % 2 == 0 || code != ReceiptCode.Ok, $"{path} was corrupted and verifies.");
            expected.Add($"{code.Word()} {path}");
        }

        await CompareAsync(expected);
        Assert.True(expected.Select(line => line.Split(' ')[0]).Distinct().Count() >= 7, "Too few kinds of corruption.");
    }

    // What is not random: one receipt for each rule of the format.
    [Fact]
    public async Task Verify_EdgesOfTheFormat_AllGiveTheSameCode()
    {
        var verifier = new ReceiptVerifier(ledger.Policy);
        var expected = new List<string>();
        foreach (var (name, bytes) in Corruptions.Edges(ledger))
        {
            var path = Path.Combine(directory, $"edge-{expected.Count}-{name}");
            await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
            expected.Add($"{verifier.Verify(bytes).Code.Word()} {path}");
        }

        await CompareAsync(expected);
    }

    private async Task CompareAsync(List<string> expected)
    {
        var list = Path.Combine(directory, "list");
        var policy = Path.Combine(directory, "policy");
        await File.WriteAllLinesAsync(policy, [ledger.Policy.ToString()]);
        await File.WriteAllTextAsync(list, string.Concat(expected.Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..] + "\n")));
        var halves = expected.Select((line, i) => (line, i)).GroupBy(pair => pair.i % 2, pair => pair.line).Select(group => group.ToList()).ToList();
        var shells = halves.Select((half, i) => RunAsync("sh", "verify.sh", ListOf(half, i), policy)).ToList();
        var node = await RunAsync("node", "verify.mjs", list, policy);
        var shell = (await Task.WhenAll(shells)).SelectMany(lines => lines).Order(StringComparer.Ordinal);

        Assert.Equal(expected, node);
        Assert.Equal(expected.Order(StringComparer.Ordinal), shell);
    }

    private string ListOf(List<string> lines, int number)
    {
        var list = Path.Combine(directory, $"list-{number}");
        File.WriteAllText(list, string.Concat(lines.Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..] + "\n")), new UTF8Encoding(false));
        return list;
    }

    private static async Task<string[]> RunAsync(string program, string script, string list, string policy)
    {
        var start = new ProcessStartInfo(program, [Path.Combine(Child.Root, "verifiers", script), "--list", list, policy]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return lines;
    }
}
