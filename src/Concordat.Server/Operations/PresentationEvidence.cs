using System.Globalization;
using System.Text.Json;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Agreements.Texts;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Operations;

/// <summary>The ledger entry of what a signatory was shown and answered: <c>presentation.shown</c>.</summary>
internal static class PresentationEvidence
{
    public static Evidence Of(
        OperationContext context, Partner partner, OpenedAttestation opened, EnhancedAttestation answered, AnswerClaim claim,
        Assurance reached, SelfAcceptance flags, AgreementText text) => Evidence.Of(new LedgerEntry
        {
            Id = new EntryId(context.Ids.NewId()),
            Kind = "presentation.shown",
            At = answered.EndedAt!.Value,
            Recorded = context.Clocks.Wall.GetUtcNow(),
            Policy = Evidence.PolicyVersion,
            Agreement = Evidence.Reference(EnhancedAttestation.Type, (byte)text.File.Version) with
            {
                Country = text.File.Country,
                Locale = text.File.Language,
                Sha256 = Convert.ToHexStringLower(text.Sha256.Span),
                Length = text.Length,
            },
            Method = "enhanced",
            Level = reached.Word(),
            Screen = Attestations.ScreenOf(claim.Shown),
            Retention = "agreement",
            Disclosures = Evidence.Salted(context, FieldsOf(partner, opened, answered, claim, flags)),
        });

    /// <summary>The flags as the record spells them, <c>none</c> when there are none.</summary>
    public static string Words(SelfAcceptance flags) => flags == SelfAcceptance.None
        ? "none"
        : string.Join(' ', Enum.GetValues<SelfAcceptance>().Where(flag => flag != SelfAcceptance.None && flags.HasFlag(flag))
            .Select(flag => JsonNamingPolicy.CamelCase.ConvertName(flag.ToString())));

    private static IEnumerable<(string Name, string? Value)> FieldsOf(
        Partner partner, OpenedAttestation opened, EnhancedAttestation answered, AnswerClaim claim, SelfAcceptance flags) =>
    [
        ("attestation", answered.Id.ToString()),
        ("partner", partner.Id.ToString()),
        ("customer", answered.Customer?.ToString()),
        ("company", opened.Company),
        ("firstName", opened.Contact!.FirstName),
        ("lastName", opened.Contact.LastName),
        ("email", opened.Contact.Email),
        ("phoneNumber", opened.Contact.PhoneNumber),
        ("answer", claim.Accepts ? "accepted" : "declined"),
        ("reason", claim.Reason),
        ("selfAcceptance", Words(flags)),
        ("signedInTenant", claim.SignedIn?.Tenant.ToString()),
        ("signedInPerson", claim.SignedIn?.Person.ToString("D", CultureInfo.InvariantCulture)),
        ("signedInBy", claim.SignedIn?.Methods),
        ("address", claim.Address),
        ("userAgent", claim.UserAgent is { Length: > 512 } agent ? agent[..512] : claim.UserAgent),
        .. claim.Further,
    ];
}
