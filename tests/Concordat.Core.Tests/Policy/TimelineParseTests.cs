using System.Text;
using System.Text.Json.Nodes;
using Concordat.Core.Policy;
using FsCheck;
using FsCheck.Fluent;
using static Concordat.Core.Tests.Policy.Samples;

namespace Concordat.Core.Tests.Policy;

public sealed class TimelineParseTests
{
    private const string Good = """
        {"id":"a","from":"2030-01-01","environments":["production"],"channels":["api"],"kind":"require",
         "agreementTypes":["MicrosoftCustomerAgreement"],"actions":["new-purchase"],"code":13605,"source":"operator"}
        """;

    private const string GoodStale = """
        {"id":"s","from":"2030-01-01","environments":["production"],"channels":["api"],"kind":"stale","minVersion":2,
         "agreementTypes":["MicrosoftCustomerAgreement"],"when":"next-order","code":900428,"source":"operator"}
        """;

    /// <summary>One member set to a wrong value (or removed, when null) is one fault at that path.</summary>
    [Theory]
    [InlineData("id", "null")]
    [InlineData("id", "\" \"")]
    [InlineData("id", "3")]
    [InlineData("from", "\"2030-1-1\"")]
    [InlineData("from", "\"2030-01-01T00:00:00Z\"")]
    [InlineData("from", "\"2030-02-30\"")]
    [InlineData("to", "\"2030-01-01\"")]
    [InlineData("environments", "[]")]
    [InlineData("environments", "\"production\"")]
    [InlineData("environments[0]", "[\"Production\"]")]
    [InlineData("channels[1]", "[\"api\",\"fax\"]")]
    [InlineData("kind", "\"forbid\"")]
    [InlineData("agreementTypes[0]", "[\"MicrosoftPartnerAgreement\"]")]
    [InlineData("agreementTypes", "null")]
    [InlineData("actions", "null")]
    [InlineData("actions[0]", "[\"auto-renewal\"]")]
    [InlineData("actions[0]", "[\"cancel\"]")]
    [InlineData("actions[1]", "[\"new-purchase\",\"suspend\"]")]
    [InlineData("actions[0]", "[\"administrative\"]")]
    [InlineData("code", "403")]
    [InlineData("code", "\"13605\"")]
    [InlineData("code", "null")]
    [InlineData("source", "null")]
    [InlineData("minVersion", "2")]
    [InlineData("attestedBefore", "\"2023-04-01\"")]
    [InlineData("method", "\"enhanced\"")]
    [InlineData("products", "[]")]
    [InlineData("products[0]", "[7]")]
    [InlineData("customers", "\"old\"")]
    [InlineData("comment", "\"hello\"")]
    [InlineData("when", "\"manual-renewal\"", "actions")]
    public void With_OneFaultyMember_NamesItsPath(string path, string json, string? reported = null)
    {
        var rule = JsonNode.Parse(Good)!.AsObject();
        var member = path.Split('[')[0];
        if (json == "null") rule.Remove(member);
        else rule[member] = JsonNode.Parse(json);
        AssertOneFault($"$.rules[0].{reported ?? path}", PolicyTimeline.BuiltIn.With(Text([rule])));
    }

    [Theory]
    [InlineData("minVersion", "0")]
    [InlineData("minVersion", "256")]
    [InlineData("minVersion", "null")]
    [InlineData("attestedBefore", "\"2030-01-02\"")]
    [InlineData("direct", "\"yes\"")]
    [InlineData("agreementTypes", "[\"MicrosoftCloudAgreement\"]")]
    [InlineData("when", "\"later\"")]
    [InlineData("when", "null")]
    public void With_OneFaultyMemberOfAStaleRule_NamesItsPath(string member, string json)
    {
        var rule = JsonNode.Parse(GoodStale)!.AsObject();
        if (json == "null") rule.Remove(member);
        else rule[member] = JsonNode.Parse(json);
        var at = (member, json) switch { ("minVersion", "null") => "attestedBefore", ("when", "null") => "actions", _ => member };
        AssertOneFault($"$.rules[0].{at}", PolicyTimeline.BuiltIn.With(Text([rule])));
    }

    [Theory]
    [InlineData("", "$")]
    [InlineData("{", "$")]
    [InlineData("{\"rules\":[]} x", "$")]
    [InlineData("{\"rules\":[]} {}", "$")]
    [InlineData("[]", "$")]
    [InlineData("{}", "$.rules")]
    [InlineData("{\"rules\":{}}", "$.rules")]
    [InlineData("{\"rules\":[],\"version\":1}", "$.version")]
    [InlineData("{\"rules\":[7]}", "$.rules[0]")]
    public void Parse_NotATimeline_NamesTheFault(string json, string path) => AssertOneFault(path, PolicyTimeline.Parse(json));

    [Fact]
    public void With_IdTakenByBuiltInOrNeighbour_IsAFaultEach()
    {
        var taken = Good.Replace("\"a\"", "\"mca-required\"", StringComparison.Ordinal);
        var faults = PolicyTimeline.BuiltIn.With($"{{\"rules\":[{Good},{taken},{Good}]}}").Faults;
        Assert.Equal(["$.rules[1].id", "$.rules[2].id"], faults.Select(f => f.Field));
    }

    [Fact]
    public void With_MemberTwice_IsAFault() => AssertOneFault("$.rules[0].source",
        PolicyTimeline.BuiltIn.With($"{{\"rules\":[{Good.Replace("\"id\"", "\"source\":\"x\",\"id\"", StringComparison.Ordinal)}]}}"));

    [Fact]
    public void With_ManyFaults_ReportsAllAtOnce() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(
        Gen.Choose(1, 255).ListOf(3).ToArbitrary(), masks =>
        {
            (string Path, Action<JsonObject> Break)[] breaks =
            [
                ("from", r => r["from"] = "soon"), ("kind", r => r["kind"] = "?"), ("source", r => r.Remove("source")),
                ("code", r => r["code"] = 1), ("channels", r => r["channels"] = new JsonArray()), ("typo", r => r["typo"] = 1),
                ("actions[0]", r => r["actions"] = new JsonArray("cancel")), ("environments[1]", r => r["environments"] = new JsonArray("sandbox", "moon")),
            ];
            var rules = new List<JsonObject>();
            var expected = new List<string>();
            foreach (var (mask, index) in masks.Select((m, i) => (m, i)))
            {
                var rule = JsonNode.Parse(Good)!.AsObject();
                rule["id"] = $"r{index}";
                foreach (var (path, breakIt) in breaks.Where((_, bit) => (mask & (1 << bit)) != 0))
                {
                    breakIt(rule);
                    expected.Add($"$.rules[{index}].{path}");
                }
                rules.Add(rule);
            }
            var faults = PolicyTimeline.BuiltIn.With(Text(rules)).Faults;
            return faults.Select(f => f.Field).Order(StringComparer.Ordinal).SequenceEqual(expected.Order(StringComparer.Ordinal))
                && faults.All(f => f.Code == ProblemCode.InvalidInput && f.Message.Contains(f.Field!, StringComparison.Ordinal));
        }));

    [Fact]
    public void Parse_BuiltInText_WithByteOrderMark_GivesTheSameRules()
    {
        byte[] marked = [.. Encoding.UTF8.Preamble, .. BuiltInText()];
        Assert.Equal(PolicyTimeline.BuiltIn.Rules.Select(r => r.Id), PolicyTimeline.Parse(marked).Value.Rules.Select(r => r.Id));
    }

    [Fact]
    public void BuiltIn_HoldsEveryDateOfSectionD()
    {
        string[] dates =
        [
            "2018-08-07", "2018-11-07", "2019-03-22", "2019-10-01", "2019-11-01", "2020-01-31", "2020-02-01", "2020-02-11", "2020-02-25",
            "2020-03-31", "2020-09-01", "2021-01-14", "2022-02-22", "2023-03-01", "2023-04-01", "2023-04-15", "2023-06-01",
            "2024-02-07", "2024-10-07", "2025-04-11", "2025-06-02", "2025-07-01", "2025-07-10", "2025-10-07", "2025-12-01",
            "2026-01-01", "2026-01-05",
        ];
        var rules = PolicyTimeline.BuiltIn.Rules;
        Assert.Equal(dates.Select(Utc), rules.Select(r => r.From).Intersect(dates.Select(Utc)));
        Assert.Equal(9, rules.Count(r => r.Id.StartsWith("contradiction-", StringComparison.Ordinal)));
        Assert.All(rules, r => Assert.Matches(@"\[.*(D |I).*\]", r.Source));
    }

    private static void AssertOneFault(string path, Validated<PolicyTimeline> result)
    {
        Assert.False(result.TryGetValue(out _, out var faults));
        Assert.Equal(path, Assert.Single(faults).Field);
    }
}
