using System.Text.Json;
using Concordat.Core.Agreements;

namespace Concordat.Core.Policy;

/// <summary>
/// The words of an enumeration in policy texts: kebab case (<c>bulk-tool</c>), and the wire names for agreement types.
/// </summary>
internal static class Words<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> Values =
        Enum.GetValues<T>().ToDictionary(Of, StringComparer.Ordinal);

    /// <summary>All words, for messages.</summary>
    public static string All { get; } = string.Join(", ", Enum.GetValues<T>().Select(Of));

    public static string Of(T value) =>
        value is AgreementType ? value.ToString() : JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    public static bool TryParse(string word, out T value) => Values.TryGetValue(word, out value);
}
