using System.Text.RegularExpressions;

namespace Concordat.Core.Tests.Rules;

/// <summary>
/// The members with code in a C# file, by matching brackets. Counts from the signature (attributes left out) to the end
/// of the body; data (a field or property with an initializer) is not code. Assumes text that compiles.
/// </summary>
internal static partial class CSharpMembers
{
    public static IEnumerable<CodeMember> In(string text)
    {
        var code = CSharpText.WithoutLiterals(text);
        return Within(code, 0, code.Length);
    }

    private static IEnumerable<CodeMember> Within(string code, int from, int to)
    {
        for (var start = SkipToSignature(code, from, to); start < to; start = SkipToSignature(code, from, to))
        {
            var (end, body, kind) = Measure(code, start, to);
            from = end;
            var signature = Spaces().Replace(code[start..Math.Min(end, body)], " ").Trim();
            if (TypeOrNamespace().IsMatch(signature.Split('(')[0]))
            {
                foreach (var member in kind == MemberKind.Block ? Within(code, body + 1, end - 1) : [])
                {
                    yield return member;
                }
            }
            else if (kind is MemberKind.Block or MemberKind.Expression)
            {
                yield return new CodeMember(signature, code[start..end].Count(c => c == '\n') + 1);
            }
        }
    }

    /// <summary>Where a member ends, where its body begins, and what that body is.</summary>
    private static (int End, int Body, MemberKind Kind) Measure(string code, int start, int to)
    {
        var kind = MemberKind.None;
        var (depth, body) = (0, to);
        for (var at = start; at < to; at++)
        {
            var c = code[at];
            if (depth == 0 && kind == MemberKind.None && (c is '{' || IsArrowOrAssignment(code, at)))
            {
                kind = c == '{' ? MemberKind.Block : code[at + 1] == '>' ? MemberKind.Expression : MemberKind.Data;
                body = at;
            }

            depth += c switch { '{' or '(' or '[' => 1, '}' or ')' or ']' => -1, _ => 0 };
            var closesBlock = depth == 0 && c == '}' && kind == MemberKind.Block;
            if (closesBlock && HasInitializer(code, at + 1))
            {
                kind = MemberKind.Data;
            }
            else if (closesBlock || (depth == 0 && c == ';'))
            {
                return (at + 1, body, kind);
            }
        }

        return (to, body, kind);
    }

    private static bool IsArrowOrAssignment(string code, int at) =>
        code[at] == '=' && code[at + 1] != '=' && code[at - 1] is not ('=' or '!' or '<' or '>');

    private static bool HasInitializer(string code, int at) => code.AsSpan(at).TrimStart() is ['=', not '=', ..];

    private static int SkipToSignature(string code, int at, int to)
    {
        while (at < to && (char.IsWhiteSpace(code[at]) || code[at] is '[' or ';' or '}'))
        {
            at = code[at] == '[' ? EndOfAttribute(code, at, to) : at + 1;
        }

        return at;
    }

    private static int EndOfAttribute(string code, int at, int to)
    {
        for (var depth = 0; at < to; at++)
        {
            depth += code[at] switch { '[' => 1, ']' => -1, _ => 0 };
            if (depth == 0)
            {
                return at + 1;
            }
        }

        return to;
    }

    [GeneratedRegex(@"\b(class|struct|interface|enum|record|namespace)\b")]
    private static partial Regex TypeOrNamespace();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    private enum MemberKind
    {
        None,
        Block,
        Expression,
        Data,
    }
}

/// <summary>A method, constructor, property, accessor list or operator, and how many lines it takes.</summary>
internal sealed record CodeMember(string Signature, int Lines);
