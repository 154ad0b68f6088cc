using System.Globalization;
using Concordat.Core.Policy;
using Concordat.Server.Background;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Sandbox;

/// <summary>
/// Moves the policy clocks and keeps their offsets, so that a restart finds them as they were. Terms that end with
/// the move are renewed before it answers.
/// </summary>
internal sealed class SandboxClock(OperationContext context, Renewals renewals)
{
    /// <summary>Takes the stored offsets.</summary>
    public async Task RestoreAsync()
    {
        foreach (var environment in Enum.GetValues<PartnerEnvironment>())
        {
            var stored = await context.Database.ReadSharedAsync(tx => SettingRows.FindAsync(tx, NameOf(environment)));
            context.Clocks.Policy(environment).Offset =
                stored is null ? TimeSpan.Zero : TimeSpan.FromTicks(long.Parse(stored, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Lets the clock run on from <paramref name="instant"/>; durable when it answers.</summary>
    public Task SetAsync(PartnerEnvironment environment, DateTimeOffset instant) =>
        MoveAsync(environment, instant - context.Clocks.Wall.GetUtcNow());

    /// <summary>Moves the clock by <paramref name="by"/>, forwards or back.</summary>
    public Task AdvanceAsync(PartnerEnvironment environment, TimeSpan by) =>
        MoveAsync(environment, context.Clocks.Policy(environment).Offset + by);

    private async Task MoveAsync(PartnerEnvironment environment, TimeSpan offset)
    {
        var setting = (NameOf(environment), offset.Ticks.ToString(CultureInfo.InvariantCulture));
        _ = (await context.Loop.RunAsync(new SaveDirectory([], [], [setting]))).Value;
        context.Clocks.Policy(environment).Offset = offset;
        await renewals.RunDueAsync();
    }

    private static string NameOf(PartnerEnvironment environment) => $"sandbox clock offset {environment}";
}
