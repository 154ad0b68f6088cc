using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using FsCheck;
using FsCheck.Fluent;

namespace Concordat.Core.Tests.Policy;

/// <summary>Arbitrary standings, questions and operator rules for the property tests.</summary>
internal static class Samples
{
    public static DateTimeOffset Utc(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>Midnights at which built-in rules start or end, and some around them.</summary>
    public static readonly DateTimeOffset[] Midnights =
    [
        .. PolicyTimeline.BuiltIn.Rules.SelectMany(r => new[] { r.From, r.To ?? r.From, r.AttestedBefore ?? r.From })
            .Append(Utc("2010-01-01")).Append(Utc("2027-06-01")).Append(Utc("2031-01-01")).Distinct().Order(),
    ];

    public static Gen<DateTimeOffset> Instants() =>
        from midnight in Gen.Elements(Midnights)
        from ms in Gen.Elements(-1, 0, 1, 40_000_000)
        select midnight.AddMilliseconds(ms);

    public static Gen<Standing> Standings() =>
        from date in Gen.OneOf(Gen.Constant(Standing.NoDate), Instants().Select(d => d.ToUnixTimeMilliseconds()))
        from version in Gen.Choose(0, 3)
        from directVersion in Gen.Choose(0, 3)
        from flags in Gen.Choose(0, 63)
        select new Standing(date, date == Standing.NoDate ? (byte)0 : (byte)version,
            ((StandingFlags)flags & StandingFlags.AcceptedDirectly) == 0 ? (byte)0 : (byte)directVersion, (StandingFlags)flags);

    public static Gen<Switches> AllSwitches() =>
        from both in Gen.Elements(true, false)
        from scheduled in Gen.Elements(true, false)
        from reactivation in Gen.Elements(true, false)
        from dispute in Gen.Elements(true, false)
        select Switches.Default with
        {
            OutdatedCodeForBoth = both,
            GateScheduledChange = scheduled,
            GateReactivation = reactivation,
            DisputeBlocks = dispute,
        };

    public static Gen<GateQuestion> Questions() =>
        from standing in Standings()
        from action in Gen.Elements(Enum.GetValues<ActionClass>())
        from channel in Gen.Elements(Enum.GetValues<Channel>())
        from environment in Gen.Elements(Enum.GetValues<PartnerEnvironment>())
        from now in Instants()
        from switches in AllSwitches()
        from product in Gen.Elements(null, "DZH318Z0BPS6", "CFQ7TTC0LH18")
        from newCustomer in Gen.Elements<bool?>(null, true, false)
        select new GateQuestion(standing, action, channel, environment, now, switches, product, newCustomer);

    /// <summary>An operator's require or stale rule with any members it may have.</summary>
    public static Gen<JsonObject> OperatorRules() =>
        from number in Gen.Choose(0, 100_000_000)
        from start in Gen.Elements(Midnights)
        from days in Gen.Choose(0, 2000)
        from stale in Gen.Elements(true, false)
        from version in Gen.Choose(1, 3)
        from cutOff in Gen.Elements(Midnights)
        from extra in Gen.Choose(0, 63)
        from action in Gen.Elements("new-purchase", "term-change", "manual-renewal", "reactivation")
        select Rule(number, start, days, stale, version, cutOff, extra, action);

    public static string Text(IEnumerable<JsonObject> rules) =>
        new JsonObject { ["rules"] = new JsonArray([.. rules.Select(r => r.DeepClone())]) }.ToJsonString();

    public static byte[] BuiltInText()
    {
        using var stream = typeof(PolicyTimeline).Assembly.GetManifestResourceStream("Concordat.Core.Policy.timeline.json")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    public static List<JsonObject> BuiltInRules() =>
        [.. JsonNode.Parse(Encoding.UTF8.GetString(BuiltInText()))!["rules"]!.AsArray().Select(r => r!.AsObject())];

    private static JsonObject Rule(
        int number, DateTimeOffset start, int days, bool stale, int version, DateTimeOffset cutOff, int extra, string action)
    {
        var rule = new JsonObject
        {
            ["id"] = $"op-{number.ToString(CultureInfo.InvariantCulture)}",
            ["from"] = Day(start),
            ["environments"] = new JsonArray("production", "sandbox"),
            ["channels"] = new JsonArray("api", "ui"),
            ["kind"] = stale ? "stale" : "require",
            ["agreementTypes"] = stale || (extra & 1) != 0
                ? new JsonArray("MicrosoftCustomerAgreement")
                : new JsonArray("MicrosoftCloudAgreement", "MicrosoftCustomerAgreement"),
            ["code"] = stale ? 900428 : 13605,
            ["source"] = "operator",
        };
        if (days > 0) rule["to"] = Day(start.AddDays(days));
        if ((extra & 2) != 0) rule["when"] = action == "manual-renewal" ? "manual-renewal" : "next-order";
        else rule["actions"] = new JsonArray(action);
        if ((extra & 4) != 0) rule["products"] = new JsonArray("DZH318Z0BPS6");
        if ((extra & 8) != 0) rule["customers"] = (extra & 16) != 0 ? "new" : "existing";
        if (!stale) return rule;
        if ((extra & 16) != 0 && cutOff <= start) rule["attestedBefore"] = Day(cutOff);
        if (!rule.ContainsKey("attestedBefore") || (extra & 1) != 0)
        {
            rule["minVersion"] = version;
            if ((extra & 32) != 0) rule["direct"] = true;
        }
        return rule;
    }

    private static string Day(DateTimeOffset date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
