using System.Security.Cryptography;
using System.Text;
using Concordat.Core.Agreements;
using Concordat.Core.Agreements.Texts;
using Concordat.Server.Hosting.Pages;

namespace Concordat.Server.Acceptance;

/// <summary>
/// What the page of direct acceptance shows, as one object: the page writes these strings, the form carries their digests
/// back, and what is sent is compared with what would be shown then. Digests of words that name somebody are salted, because a
/// company's name could be guessed from an entry otherwise.
/// </summary>
internal sealed class DirectScreen(Texts words, AgreementText text, DirectVisit visit, string role)
{
    /// <summary>Changes with every change of the program, its pages included.</summary>
    private static readonly string Build = typeof(DirectScreen).Module.ModuleVersionId.ToString("N");

    public AgreementText Text { get; } = text;

    /// <summary>Beside the box, which is not ticked.</summary>
    public string Statement => words["Direct.Statement", visit.Company];

    /// <summary>What pressing the button means, above it.</summary>
    public string Effect => words["Direct.Effect", Button];

    public string Button => words["Direct.Accept"];

    /// <summary>Digests under that salt.</summary>
    public Presentation Of(string salt) => new(
        Convert.ToHexStringLower(Text.Sha256.Span), Salted(salt, Statement), Salted(salt, Button), Salted(salt, Description), Build);

    private string Description => string.Join('\n',
        $"build: {Build}",
        $"language: {words.Language}",
        $"title: {words["Direct.Open.Title"]}",
        $"company: {visit.Company} {visit.Id}",
        $"partners: {string.Join("; ", visit.Partners.Select(partner => partner.Name))}",
        $"role: {role}",
        $"text: {Convert.ToHexStringLower(Text.Sha256.Span)} {Text.File.Language} {Text.Edition}",
        "box: not ticked",
        $"statement: {Statement}",
        $"effect: {Effect}",
        $"button: {Button}");

    /// <summary>SHA-256 of salt, LF and words in UTF-8.</summary>
    private static string Salted(string salt, string shown) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{salt}\n{shown}")));
}
