using System.Text.Json;
using Concordat.Core.Policy;

namespace Concordat.Core.Tests.Policy;

public sealed class SwitchesTests
{
    /// <summary>Every switch with its default, as DESIGN and the references name them.</summary>
    private static readonly Dictionary<string, string> Defaults = new(StringComparer.Ordinal)
    {
        ["outdatedCodeForBoth"] = "false",
        ["gateScheduledChange"] = "true",
        ["gateReactivation"] = "false",
        ["disputeBlocks"] = "false",
        ["cutOffCompares"] = "dateAgreed",
        ["duplicateAgainst"] = "valid",
        ["duplicateStatus"] = "409",
        ["noConfirmations"] = "200-empty",
        ["checkoutRefusal"] = "403",
        ["legacyAfterRetirement"] = "works",
        ["typeMismatch"] = "ignored",
        ["unknownAgreementType"] = "400",
        ["requestInFlight"] = "409",
        ["partnerOfRecord"] = "known",
        ["byteOrderMark"] = "false",
        ["mfaRequired"] = "true",
        ["operatorRequiredForAppOnly"] = "false",
        ["directAcceptanceDeadEnd"] = "false",
        ["throttling"] = "true",
        ["minimumAssurance"] = "link",
        ["attestationLifetime"] = "7.00:00:00",
        ["clockSkew"] = "00:05:00",
        ["dateAgreedFloor"] = "2010-01-01",
    };

    [Fact]
    public void All_EverySwitch_HasItsDocumentedDefault()
    {
        Assert.Equal(Defaults, SwitchCatalogue.All.ToDictionary(s => s.Name, s => s.ValueIn(Switches.Default)));
        Assert.Equal(typeof(Switches).GetProperties().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).Order(),
            SwitchCatalogue.All.Select(s => s.Name).Order());
    }

    [Fact]
    public void With_EachWordOfEachSwitch_SetsThatSwitchAlone()
    {
        foreach (var definition in SwitchCatalogue.All)
        {
            foreach (var word in Words(definition))
            {
                var changed = Switches.Default.With(new Dictionary<string, string> { [definition.Name] = word }).Value;
                var expected = new Dictionary<string, string>(Defaults, StringComparer.Ordinal) { [definition.Name] = word };
                Assert.Equal(expected, SwitchCatalogue.All.ToDictionary(s => s.Name, s => s.ValueIn(changed)));
            }
        }
    }

    [Fact]
    public void With_UnknownNamesAndWords_ReportsAllFaults()
    {
        var result = Switches.Default.With(new Dictionary<string, string>
        {
            ["mfaRequired"] = "yes",
            ["gateReactivation"] = "true",
            ["clockSkew"] = "-00:05:00",
            ["noSuchSwitch"] = "true",
            ["dateAgreedFloor"] = "2010-13-01",
        });
        Assert.False(result.TryGetValue(out _, out var faults));
        Assert.Equal(["clockSkew", "dateAgreedFloor", "mfaRequired", "noSuchSwitch"], faults.Select(f => f.Field));
    }

    [Fact]
    public void ByName_TheFiveProfiles_ExistAndTheDefaultIsThe2025Behaviour()
    {
        Assert.Equal(["after-legacy", "microsoft-2018", "microsoft-2020", "microsoft-2025", "strict"], SwitchProfiles.Names.Order());
        Assert.Equal(Switches.Default, SwitchProfiles.ByName(SwitchProfiles.Default));
        Assert.Equal(LegacyAnswer.Gone, SwitchProfiles.ByName("after-legacy")!.LegacyAfterRetirement);
        Assert.Null(SwitchProfiles.ByName("Strict"));
    }

    private static string[] Words(SwitchDefinition definition) => definition.Name switch
    {
        "clockSkew" => ["00:00:00", "00:10:00", "1.00:00:00"],
        "attestationLifetime" => ["00:01:00", "30.00:00:00", "90.00:00:00"],
        "dateAgreedFloor" => ["2014-01-01"],
        _ => definition.Words.Split(" or "),
    };
}
