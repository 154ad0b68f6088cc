namespace Concordat.Core.Agreements.Texts;

/// <summary>Which text a reader gets: one version of one agreement for one country in one language.</summary>
/// <param name="Type">The agreement.</param>
/// <param name="Version">One of <see cref="AgreementTexts.Versions"/>.</param>
/// <param name="Country">Alpha-2, upper case.</param>
/// <param name="Language">A tag of the catalogue, in its casing.</param>
public readonly record struct AgreementFile(AgreementType Type, int Version, string Country, string Language);
