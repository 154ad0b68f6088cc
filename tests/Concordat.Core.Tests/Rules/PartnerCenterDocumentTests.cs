using System.Globalization;
using System.Text.RegularExpressions;
using Concordat.Core.Policy;

namespace Concordat.Core.Tests.Rules;

/// <summary>docs/partner-center.md lists every switch with its default, numbers its rows and names tests that exist.</summary>
public partial class PartnerCenterDocumentTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(SourceTree.Root, "docs", "partner-center.md"));

    private static readonly List<string[]> Rows =
        [.. Lines.Where(line => Numbered().IsMatch(line)).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];

    [Fact]
    public void Document_EverySwitch_IsListedOnceWithItsDefault() => Assert.All(SwitchCatalogue.All, definition =>
    {
        var cell = Assert.Single(Rows, row => row[3].StartsWith($"`{definition.Name}` = ", StringComparison.Ordinal))[3];
        Assert.Equal(definition.ValueIn(Switches.Default), cell.Split(" = ")[1].Split(' ')[0]);
    });

    [Fact]
    public void Document_EverySwitchItLists_Exists() => Assert.All(
        Rows.Where(row => row[3] != "-"), row => Assert.Contains(row[3].Split('`')[1], SwitchCatalogue.All.Select(known => known.Name)));

    [Theory]
    [InlineData('D')]
    [InlineData('U')]
    public void Document_Numbers_AreConsecutive(char letter)
    {
        var numbers = Rows.Select(row => row[0]).Where(number => number[0] == letter).ToArray();

        Assert.NotEmpty(numbers);
        Assert.Equal(Enumerable.Range(1, numbers.Length).Select(i => string.Create(CultureInfo.InvariantCulture, $"{letter}{i}")), numbers);
    }

    [Fact]
    public void Document_EveryTestItNames_Exists()
    {
        var sources = string.Join('\n', SourceTree.Files(".cs", "tests").Select(file => file.Text));
        var inputs = File.ReadAllText(Path.Combine(SourceTree.Root, "tests", "Golden", "bad-input.txt"));
        var samples = Directory.GetFiles(Path.Combine(SourceTree.Root, "tests", "Golden", "wire")).Select(Path.GetFileNameWithoutExtension).ToArray();
        var names = Rows.SelectMany(row => row[^1].Replace("`", "", StringComparison.Ordinal).Split(", ")).Where(name => name != "-").ToArray();

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.True(
            samples.Contains(name)
            || (name.EndsWith('*') && samples.Any(sample => sample!.StartsWith(name[..^1], StringComparison.Ordinal)))
            || (name.StartsWith("bad-input: ", StringComparison.Ordinal) && inputs.Contains($"\n[{name[11..]}]", StringComparison.Ordinal))
            || Regex.IsMatch(sources, $@"\bclass {name}\b|\b{name}\("),
            name));
    }

    [GeneratedRegex(@"^\| [DU]\d+ \|")]
    private static partial Regex Numbered();
}
