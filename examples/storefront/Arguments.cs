using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Storefront;

/// <summary>How the shop was started.</summary>
/// <param name="SandboxDirectory">Where sandbox.json is, or will be.</param>
/// <param name="Port">Loopback port to listen on.</param>
/// <param name="FollowedProcess">Process id to end with; null runs until a signal.</param>
internal sealed record Arguments(string SandboxDirectory, int Port, int? FollowedProcess)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    public static bool TryParse(string[] args, [NotNullWhen(true)] out Arguments? arguments, [NotNullWhen(false)] out string? fault)
    {
        string? directory = null;
        int? followed = null;
        var port = 5281;
        (arguments, fault) = (null, null);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            switch (args[i])
            {
                case "--sandbox" when value.Length > 0: directory = value; break;
                case "--port" when isNumber && number is > 0 and <= 65535: port = number; break;
                case "--follow" when isNumber: followed = number; break;
                default:
                    fault = $"{args[i]} is unknown, or its value is missing or wrong";
                    return false;
            }
        }

        if (directory is null)
        {
            fault = "--sandbox DIR is needed";
            return false;
        }

        arguments = new Arguments(directory, port, followed);
        return true;
    }

    /// <summary>Returns when the process is gone, or when the shop itself is told to stop.</summary>
    public static async Task EndOfAsync(int? process, CancellationToken stopping)
    {
        try
        {
            while (process is not { } id || IsAlive(id))
            {
                await Task.Delay(LookEvery, stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    public static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
