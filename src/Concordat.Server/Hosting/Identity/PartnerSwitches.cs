using System.Text.Json;
using Concordat.Core.Policy;

namespace Concordat.Server.Hosting.Identity;

/// <summary>Turns a stored profile name and its overrides (a JSON object of texts) into switches.</summary>
internal static class PartnerSwitches
{
    /// <summary>Throws when either is none: what is stored was validated before.</summary>
    public static Switches Of(string profile, string overrides)
    {
        var switches = SwitchProfiles.ByName(profile) ?? throw new InvalidDataException($"There is no profile {profile}.");
        var texts = JsonSerializer.Deserialize<Dictionary<string, string>>(overrides) ?? [];
        return switches.With(texts).Value;
    }
}
