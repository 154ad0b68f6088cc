using System.Globalization;
using System.Text.Json;
using Concordat.Core;
using Concordat.Core.Fields;
using Concordat.Core.Policy;
using Concordat.Server.Hosting.Configuration;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Hosting;

/// <summary>Onboards partners from the command line: <c>partner add</c> (which also changes one) and <c>partner list</c>.</summary>
internal static class PartnerAdministration
{
    private static readonly string[] Kinds = ["direct-bill", "indirect-provider", "indirect-reseller"];
    private static readonly string[] Environments = ["production", "sandbox"];

    /// <summary>Stores the partner; answers the line to print.</summary>
    public static async Task<string> AddAsync(CommandLine line, Parts parts)
    {
        await parts.Directory.RefreshAsync();
        var faults = new List<string>();
        var row = Read(line, parts.Directory, faults);
        var alerts = line.Find("--alerts") is { } address ? Take(EmailAddress.Parse(address, "--alerts"), faults) : null;
        if (faults.Count > 0)
        {
            throw new UsageException(string.Join(Environment.NewLine, faults));
        }

        _ = (await parts.Context.Loop.RunAsync(new SaveDirectory([row], [], alerts is null ? [] : [(PartnerAlerts.SettingOf(row.Id), alerts)]))).Value;
        return $"Stored the partner {row.Id} ({row.Kind}, {row.Environment}).";
    }

    /// <summary>One line per partner, inactive ones included.</summary>
    public static async Task<string> ListAsync(Parts parts)
    {
        var rows = await parts.Database.ReadEverythingAsync(PartnerRows.AllAsync);
        return rows.Count == 0
            ? "There are no partners yet; partner add makes one."
            : string.Join(Environment.NewLine, rows.OrderBy(row => row.Name, StringComparer.Ordinal).Select(row => string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Id}  {row.Kind,-17} {row.Environment,-10} {(row.Active ? "active" : "inactive"),-8} {row.Profile} {row.Switches}  {row.Name}")));
    }

    private static PartnerRow Read(CommandLine line, Identity.PartnerDirectory directory, List<string> faults)
    {
        var kind = OneOf(line.Need("--kind"), "--kind", Kinds, faults);
        var tenant = IdOf(line.Need("--tenant"), "--tenant", faults);
        return new PartnerRow(
            new PartnerId(tenant), kind,
            Take(CompanyName.Parse(line.Need("--name"), "--name"), faults),
            Take(DomainName.Parse(line.Need("--domain"), "--domain"), faults),
            Take(CountryCode.ParseKnown(line.Need("--country"), "--country"), faults),
            OneOf(line.Find("--environment") ?? "production", "--environment", Environments, faults),
            MpnOf(line.Find("--mpn"), faults), ProviderOf(line.Find("--provider"), kind, directory, faults),
            MpaSigned: !line.Has("--no-mpa"), Active: !line.Has("--inactive"),
            ProfileOf(line.Find("--profile"), faults), SwitchesOf(line.All("--switch"), faults))
        {
            EmbeddingOrigins = OriginsOf(line, faults),
        };
    }

    private static Guid IdOf(string text, string option, List<string> faults)
    {
        if (!Guids.TryParse(text, out var id) || id == Guid.Empty)
        {
            faults.Add($"{option}: is not a tenant id (a GUID)");
        }

        return id;
    }

    private static string MpnOf(string? text, List<string> faults)
    {
        if (text is not null && (text.Length > 20 || !text.All(char.IsAsciiDigit)))
        {
            faults.Add("--mpn: is a number of 20 digits at most");
        }

        return text ?? "";
    }

    private static PartnerId? ProviderOf(string? text, string kind, Identity.PartnerDirectory directory, List<string> faults)
    {
        if (text is null)
        {
            if (kind == "indirect-reseller")
            {
                faults.Add("--provider: an indirect reseller needs its provider's tenant id");
            }

            return null;
        }

        var provider = new PartnerId(IdOf(text, "--provider", faults));
        if (kind != "indirect-reseller")
        {
            faults.Add("--provider: only an indirect reseller has a provider");
        }
        else if (directory.Find(provider) is not { Kind: Identity.PartnerKind.IndirectProvider })
        {
            faults.Add("--provider: there is no active indirect provider with that tenant id; add it first");
        }

        return provider;
    }

    private static string ProfileOf(string? name, List<string> faults) =>
        OneOf(name ?? SwitchProfiles.Default, "--profile", [.. SwitchProfiles.Names], faults);

    /// <summary>The overrides as they are stored: a JSON object of texts.</summary>
    private static string SwitchesOf(IEnumerable<string> given, List<string> faults)
    {
        var overrides = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in given)
        {
            if (pair.Split('=', 2) is [var name, var value])
            {
                overrides[name] = value;
            }
            else
            {
                faults.Add("--switch: takes NAME=VALUE");
            }
        }

        faults.AddRange(Switches.Default.With(overrides).Faults.Select(fault => $"--switch: {fault.Message}"));
        return JsonSerializer.Serialize(overrides);
    }

    /// <summary>Where the acceptance page may be embedded. A partner of the sandbox environment may develop its shop on its own machine.</summary>
    private static string OriginsOf(CommandLine line, List<string> faults)
    {
        var loopback = line.Find("--environment") == "sandbox";
        return string.Join(' ', line.All("--embedding-origin").Select(origin => Take(WebOrigin.Parse(origin, loopback, "--embedding-origin"), faults)).Distinct());
    }

    private static string OneOf(string word, string option, string[] words, List<string> faults)
    {
        if (!words.Contains(word))
        {
            faults.Add($"{option}: is one of {string.Join(", ", words)}");
        }

        return word;
    }

    private static string Take(Outcome<string> outcome, List<string> faults)
    {
        if (outcome.TryGetValue(out var value, out var problem))
        {
            return value;
        }

        faults.Add($"{problem.Field}: {problem.Message}");
        return "";
    }
}
