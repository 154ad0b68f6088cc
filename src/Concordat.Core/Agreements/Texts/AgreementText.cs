using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Concordat.Core.Agreements.Texts;

/// <summary>
/// The sample text of one <see cref="AgreementFile"/>. It is written by this project for testing, says so in its first
/// line, and is no text of Microsoft's. What is shown, rendered and hashed is this one object.
/// </summary>
public sealed class AgreementText
{
    private AgreementText(AgreementFile file, string notice, string title, string edition, IReadOnlyList<TextSection> sections)
    {
        (File, Notice, Title, Edition, Sections) = (file, notice, title, edition, sections);
        var lines = sections.SelectMany(section => new[] { section.Heading, section.Body });
        Plain = string.Join('\n', lines.Prepend(edition).Prepend(title).Prepend(notice));
        var bytes = Encoding.UTF8.GetBytes(Plain);
        Sha256 = SHA256.HashData(bytes);
        Length = bytes.Length;
    }

    /// <summary>Which text it is; its language is the one it is really in.</summary>
    public AgreementFile File { get; }

    /// <summary>"SAMPLE - not a legal document." in the text's language.</summary>
    public string Notice { get; }

    /// <summary>The agreement's name.</summary>
    public string Title { get; }

    /// <summary>The line with version and country.</summary>
    public string Edition { get; }

    /// <summary>In reading order.</summary>
    public IReadOnlyList<TextSection> Sections { get; }

    /// <summary>Every line, joined by LF, without one at the end.</summary>
    public string Plain { get; }

    /// <summary>Of <see cref="Plain"/> in UTF-8.</summary>
    public ReadOnlyMemory<byte> Sha256 { get; }

    /// <summary>Of <see cref="Plain"/> in UTF-8, bytes.</summary>
    public int Length { get; }

    /// <summary>
    /// Reads a text file: the notice behind <c>&gt;</c>, the title behind <c>#</c>, the edition line with its two
    /// placeholders, then per section a heading behind <c>##</c> and one line of text. A heading that begins with
    /// <c>[n]</c> belongs to version n and later.
    /// </summary>
    internal static AgreementText Read(string source, AgreementFile file)
    {
        var lines = source.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var edition = lines[2]
            .Replace("{version}", file.Version.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{country}", file.Country, StringComparison.Ordinal);
        var sections = new List<TextSection>();
        for (var i = 3; i + 1 < lines.Length; i += 2)
        {
            var heading = lines[i]["## ".Length..];
            var since = heading[0] == '[' ? heading[1] - '0' : 1;
            if (heading[0] == '[') heading = heading["[n] ".Length..];
            if (since <= file.Version) sections.Add(new TextSection(heading, lines[i + 1]));
        }
        return new AgreementText(file, lines[0]["> ".Length..], lines[1]["# ".Length..], edition, sections);
    }
}

/// <summary>A heading and the paragraph under it.</summary>
public readonly record struct TextSection(string Heading, string Body);
