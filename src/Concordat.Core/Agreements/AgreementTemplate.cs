namespace Concordat.Core.Agreements;

/// <summary>One row of the template catalogue, as <c>GET /v1/agreements</c> shows it.</summary>
/// <param name="Id">Hard-coded in real clients; never changes.</param>
/// <param name="Type">Exactly one template per type: clients call <c>Single()</c> on it.</param>
/// <param name="Link">Where people read about it.</param>
/// <param name="VersionRank">Rank for enforcement; every observed value is 0.</param>
public sealed record AgreementTemplate(Guid Id, AgreementType Type, Uri Link, int VersionRank);

/// <summary>In which country's text and language a template document is answered, after all fallbacks.</summary>
/// <param name="Country">Alpha-2, upper case; as asked, even when no such country exists.</param>
/// <param name="Language">One of the catalogue's tags, in its casing.</param>
public readonly record struct DocumentLocale(string Country, string Language);
