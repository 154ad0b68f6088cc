using System.Collections.Concurrent;

namespace Concordat.Core.Agreements.Texts;

/// <summary>
/// The agreement texts. A further language is one file beside this one; a text that has no file in the asked language is
/// given in English. Whoever shows, renders or hashes a text takes it from here.
/// </summary>
public static class AgreementTexts
{
    private static readonly int[] CustomerVersions = [1, 2];
    private static readonly int[] CloudVersions = [1];

    // All the texts that partners ask for fit; what comes beyond is built per call.
    private const int MostKept = 2048;

    private static readonly ConcurrentDictionary<string, string> Sources = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<AgreementFile, AgreementText> Built = new();

    /// <summary>The versions that have a text, oldest first.</summary>
    public static IReadOnlyList<int> Versions(AgreementType type) => type switch
    {
        AgreementType.MicrosoftCustomerAgreement => CustomerVersions,
        AgreementType.MicrosoftCloudAgreement => CloudVersions,
    };

    /// <summary>The text; an unknown version is a bug in the caller.</summary>
    public static AgreementText Of(AgreementFile file)
    {
        if (!Versions(file.Type).Contains(file.Version)) throw new ArgumentOutOfRangeException(nameof(file), "No such version.");
        if (Built.TryGetValue(file, out var known)) return known;
        if (Source(file.Type, file.Language) is { } source)
        {
            var text = AgreementText.Read(source, file);
            return Built.Count < MostKept ? Built.GetOrAdd(file, text) : text;
        }
        var english = file with { Language = TemplateCatalogue.DefaultLanguage };
        return AgreementText.Read(Source(file.Type, english.Language)!, english);
    }

    private static string? Source(AgreementType type, string language)
    {
        var name = type switch
        {
            AgreementType.MicrosoftCustomerAgreement => $"customer.{language}.md",
            AgreementType.MicrosoftCloudAgreement => $"cloud.{language}.md",
        };
        return Sources.TryGetValue(name, out var known) ? known : Load(name);
    }

    // Only names that exist are kept: languages come from outside.
    private static string? Load(string name)
    {
        using var stream = typeof(AgreementTexts).Assembly.GetManifestResourceStream(name);
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return Sources.GetOrAdd(name, reader.ReadToEnd());
    }
}
