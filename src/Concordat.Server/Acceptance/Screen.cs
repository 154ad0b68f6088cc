using System.Security.Cryptography;
using System.Text;
using Concordat.Core.Agreements;
using Concordat.Core.Agreements.Texts;
using Concordat.Server.Hosting.Pages;

namespace Concordat.Server.Acceptance;

/// <summary>
/// What a pending attestation's page shows, as one object: the page writes these strings, the form's token signs their
/// digests, and the answer is compared with the ones made of the same call again. Where the words name somebody the digests are
/// salted with the form's nonce, because a company's name could be guessed from an entry otherwise.
/// </summary>
internal sealed class Screen
{
    private readonly Texts words;

    public Screen(Texts words, AgreementText text, string partner, string company, string signatory)
    {
        (this.words, Text) = (words, text);
        Partner = Isolated(partner);
        Company = Isolated(company);
        Signatory = Isolated(signatory);
    }

    /// <summary>The agreement.</summary>
    public AgreementText Text { get; }

    /// <summary>Who asks.</summary>
    public string Partner { get; }

    /// <summary>For whom.</summary>
    public string Company { get; }

    /// <summary>Who is named to answer.</summary>
    public string Signatory { get; }

    /// <summary>The name that the agreement's language has for itself.</summary>
    public string Language => Isolated(System.Globalization.CultureInfo.GetCultureInfo(Text.File.Language).Parent.NativeName);

    public string Title => words["Mca.Pending.Title"];

    /// <summary>Who asks whom for what.</summary>
    public string Introduction => words["Mca.Pending.Text", Partner, Company];

    /// <summary>Beside the box, which is not ticked.</summary>
    public string Statement => words["Mca.Statement", Company];

    /// <summary>What pressing the button means, above it.</summary>
    public string Effect => words["Mca.Effect", Accept];

    /// <summary>The button that accepts.</summary>
    public string Accept => words["Mca.Accept", Company];

    /// <summary>The button that declines.</summary>
    public string Decline => words["Mca.Decline", Company];

    /// <summary>Everything on the page around the text, one line each, for whoever asks later what was there.</summary>
    public string Description => field ??= string.Join('\n',
        $"build: {PageBuild.Id}",
        $"language: {words.Language}",
        $"title: {Title}",
        $"introduction: {Introduction}",
        $"partner: {Partner}",
        $"company: {Company}",
        $"signatory: {Signatory}",
        $"text: {Hex(Text.Sha256.Span)} {Text.File.Language} {Text.Edition}",
        "box: not ticked",
        $"statement: {Statement}",
        $"effect: {Effect}",
        $"button: {Accept}",
        $"second button: {Decline}");

    /// <summary>The digests that go with one of the two buttons.</summary>
    public Presentation Of(string nonce, bool accepts) => new(
        Hex(Text.Sha256.Span), Salted(nonce, Statement), Salted(nonce, accepts ? Accept : Decline), Salted(nonce, Description), PageBuild.Id);

    /// <summary>SHA-256 of nonce, LF and text in UTF-8.</summary>
    private static string Salted(string nonce, string text) => Hex(SHA256.HashData(Encoding.UTF8.GetBytes($"{nonce}\n{text}")));

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>A name that is written from right to left stays within itself inside our sentences.</summary>
    private static string Isolated(string name) => name.Any(IsDirectional) ? $"\u2068{name}\u2069" : name;

    private static bool IsDirectional(char c) =>
        c is (>= '\u0590' and <= '\u08FF') or (>= '\uFB1D' and <= '\uFDFF') or (>= '\uFE70' and <= '\uFEFC')
            or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') || char.IsSurrogate(c);
}
