using Concordat.Core.Agreements;
using Concordat.Core.Policy;
using static Concordat.Core.Tests.Policy.Samples;

namespace Concordat.Core.Tests.Policy;

public sealed class AttestationTermsTests
{
    /// <summary>What, where, since (or until) when: section D of the domain reference.</summary>
    [Theory]
    [InlineData("cloud", "P S", Channel.Api, "2018-08-07", "2020-03-31")]
    [InlineData("cloud", "P S", Channel.Ui, "2018-08-07", "2020-03-31")]
    [InlineData("cloud", "P S", Channel.BulkTool, null, null)]
    [InlineData("mca", "P S", Channel.Api, "2019-10-01", null)]
    [InlineData("mca", "P", Channel.Ui, "2019-10-01", "2026-01-05")]
    [InlineData("mca", "S", Channel.Ui, "2019-10-01", "2025-07-01")]
    [InlineData("mca", "P S", Channel.BulkTool, "2024-02-07", null)]
    [InlineData("mca", "P S", Channel.AdminCenter, "2020-02-11", null)]
    [InlineData("enhanced", "P", Channel.Api, "2025-07-10", null)]
    [InlineData("enhanced", "S", Channel.Api, "2025-04-11", null)]
    [InlineData("enhanced", "P S", Channel.Ui, null, null)]
    [InlineData("deprecated", "P S", Channel.Api, "2026-01-05", null)]
    [InlineData("deprecated", "P", Channel.BulkTool, "2026-01-01", null)]
    [InlineData("deprecated", "P S", Channel.AdminCenter, null, null)]
    [InlineData("duplicate", "P S", Channel.Api, "2021-01-14", null)]
    [InlineData("duplicate", "P S", Channel.Ui, "2021-01-14", null)]
    [InlineData("duplicate", "P S", Channel.AdminCenter, null, null)]
    [InlineData("notice", "P S", Channel.Api, "2023-04-15", null)]
    [InlineData("notice", "P S", Channel.BulkTool, "2023-04-15", null)]
    [InlineData("notice", "P S", Channel.AdminCenter, null, null)]
    public void Attestation_AroundItsDates_HoldsFromTheFirstToTheLast(
        string what, string environments, Channel channel, string? from, string? until)
    {
        foreach (var environment in environments.Split(' '))
        {
            var place = environment == "P" ? PartnerEnvironment.Production : PartnerEnvironment.Sandbox;
            foreach (var at in Midnights.SelectMany(d => new[] { d.AddMilliseconds(-1), d, d.AddMilliseconds(1) }))
            {
                var expected = from is not null && at >= Utc(from) && (until is null || at < Utc(until));
                var terms = PolicyTimeline.BuiltIn.Attestation(place, channel, at);
                Assert.True(expected == Answer(terms, what), $"{what} {environment} {channel} {at:O}: expected {expected}");
            }
        }
    }

    private static bool Answer(AttestationTerms terms, string what) => what switch
    {
        "cloud" => terms.MayAttest(AgreementType.MicrosoftCloudAgreement),
        "mca" => terms.MayAttest(AgreementType.MicrosoftCustomerAgreement),
        "enhanced" => terms.EnhancedAvailable,
        "deprecated" => terms.LegacyDeprecated,
        "duplicate" => terms.DuplicateRejected,
        "notice" => terms.NoticeDue,
        _ => throw new ArgumentException(what, nameof(what)),
    };
}
