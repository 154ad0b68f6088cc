using System.Diagnostics;
using System.Globalization;

namespace Concordat.Bench.Harness;

/// <summary>Runs a command to its end.</summary>
internal static class Tool
{
    /// <summary>The numbers of the command's line that begins with RESULT.</summary>
    public static async Task<double[]> ResultAsync(string file, IEnumerable<string> args, (string Name, string Value)[] environment, CancellationToken cancel)
    {
        var output = await RunAsync(file, args, environment, cancel);
        var line = output.Split('\n').FirstOrDefault(text => text.StartsWith("RESULT ", StringComparison.Ordinal))
            ?? throw new BenchException($"{file} printed no result:\n{output}");
        return [.. line.Split(' ').Skip(1).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
    }

    /// <summary>What the command printed; it must end with 0.</summary>
    public static async Task<string> RunAsync(string file, IEnumerable<string> args, (string Name, string Value)[] environment, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(file, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancel);
            var output = await process.StandardOutput.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0 ? output : throw new BenchException($"{file} ended with {process.ExitCode}:\n{output}{await errors}");
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}
