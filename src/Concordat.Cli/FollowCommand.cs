using System.CommandLine;
using Concordat.Core.Ledger;

namespace Concordat.Cli;

/// <summary><c>concordat ledger follow</c>: watches that a ledger only grows.</summary>
internal static class FollowCommand
{
    public static Command Make()
    {
        var address = new Argument<string>("address") { Description = "Where the ledger is served: https://example.com/ledger/1" };
        var policy = new Option<string>("--policy") { Description = "The keys that you trust, in a file.", Required = true };
        var state = new Option<string>("--state") { Description = "File that keeps the last checkpoint.", Required = true };
        var every = new Option<int>("--every") { Description = "Seconds between two looks; without it, one look and the end." };
        var follow = new Command("follow", "Checks that the ledger still holds all it held before; ends with an alarm when it does not.") { address, policy, state, every };
        follow.SetAction(async (parsed, cancel) =>
            (int)await RunAsync(parsed.GetValue(address)!, parsed.GetValue(policy)!, parsed.GetValue(state)!, parsed.GetValue(every), cancel));
        return new Command("ledger", "Looks at a ledger from outside.") { follow };
    }

    private static async Task<ReceiptCode> RunAsync(string address, string policyFile, string state, int every, CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        for (; ; )
        {
            var (code, place) = await LookAsync(http, address, policyFile, state, cancel);
            Console.WriteLine($"{code.Word()} {place}");

            // What could not be looked at now may be there again later; an alarm ends the watch, so that nobody overlooks it.
            if (every <= 0 || (code is not (ReceiptCode.Ok or ReceiptCode.Unchecked)))
            {
                return code;
            }

            await Task.Delay(TimeSpan.FromSeconds(every), cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancel.IsCancellationRequested)
            {
                return code;
            }
        }
    }

    private static async Task<(ReceiptCode Code, string Place)> LookAsync(HttpClient http, string address, string policyFile, string state, CancellationToken cancel)
    {
        try
        {
            var (policy, fault) = Inputs.Policy(policyFile);
            return policy is null ? (ReceiptCode.Policy, fault) : await new Follower(http, address, policy, state).LookAsync(cancel);
        }
        catch (UnreadableException error)
        {
            return (ReceiptCode.Unchecked, error.Message);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or IOException or UriFormatException or InvalidOperationException)
        {
            return (ReceiptCode.Unchecked, $"{address}: {error.Message}");
        }
    }
}
