using Concordat.Server.Operations;

namespace Concordat.Server.Background;

/// <summary>Forgets what is kept for a limited time only.</summary>
internal sealed class Retention(OperationContext context)
{
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    public async Task RunAsync() => _ = (await context.Loop.RunAsync(new ForgetOldRequests(context))).Value;
}
