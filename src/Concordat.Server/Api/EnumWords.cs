using System.Text.Json;

namespace Concordat.Server.Api;

/// <summary>The camelCase words of an enumeration whose members count up from 0.</summary>
internal static class EnumWords<T> where T : struct, Enum
{
    /// <summary>In the order of the members.</summary>
    public static readonly IReadOnlyList<string> All = [.. Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    private static readonly string[] Words = [.. All];
    private static readonly T[] Members = Enum.GetValues<T>();

    public static string Of(T member) => Words[Array.IndexOf(Members, member)];

    /// <summary>Reads a word in any casing.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out T member)
    {
        for (var i = 0; i < Words.Length; i++)
        {
            if (text.Equals(Words[i], StringComparison.OrdinalIgnoreCase))
            {
                member = Members[i];
                return true;
            }
        }

        member = default;
        return false;
    }
}
