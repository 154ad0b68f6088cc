using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Agreements.Texts;
using Concordat.Core.Fields;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Hosting.Pages;
using Concordat.Server.Operations;

namespace Concordat.Server.Acceptance;

/// <summary>An attestation as its signatory's page sees it.</summary>
internal sealed record Visit(Partner Partner, OpenedAttestation Opened)
{
    public EnhancedAttestation Attestation => Opened.Attestation;

    public AttestationId Id => Attestation.Id;

    /// <summary>The stricter of what the attestation and the partner ask for now.</summary>
    public Assurance Required => AssuranceWords.Stricter(Attestation.MinimumAssurance, Partner.Switches.MinimumAssurance);

    /// <summary>The signatory's name in the order of the reader's language.</summary>
    public string SignatoryIn(Texts words) => words["Mca.Name", Opened.Contact!.FirstName, Opened.Contact.LastName];

    /// <summary>Enough to recognise one's own mailbox by; the page is open to everybody who has the link.</summary>
    public string MaskedEmail
    {
        get
        {
            var email = Opened.Contact!.Email;
            var at = email.LastIndexOf('@');
            return $"{email[..Math.Min(1, at)]}•••{email[at..]}";
        }
    }

    /// <summary>The text on record; null when nobody answered, or when the program no longer has that very text.</summary>
    public AgreementText? Answered
    {
        get
        {
            if (Opened.Row.Answer is not { } answer)
            {
                return null;
            }

            var text = AgreementTexts.Of(new AgreementFile(EnhancedAttestation.Type, answer.TextVersion, Attestation.Country, answer.TextLanguage));
            return Convert.ToHexStringLower(text.Sha256.Span) == answer.Shown.TextSha256 ? text : null;
        }
    }

    /// <summary>
    /// Null for an id that is none, unknown, or of a signatory who was erased. An unknown one costs the same reads as a known
    /// one.
    /// </summary>
    public static async ValueTask<Visit?> FindAsync(Parts parts, string id)
    {
        var known = Guids.TryParse(id, out var guid);
        var found = await Attestations.FindAsync(parts.Context, parts.Directory, new AttestationId(guid));
        if (found is null)
        {
            await Attestations.FindAsync(parts.Context, default(PartnerId), new AttestationId(guid));
        }

        return known && found is var (partner, opened) && opened.Contact is not null ? new Visit(partner, opened) : null;
    }

    /// <summary>By the policy clock.</summary>
    public PageState StateNow(OperationContext context) => Attestation.StateAt(context.PolicyNow(Partner.Environment)) switch
    {
        AttestationState.Pending => PageState.Pending,
        AttestationState.Accepted => PageState.AlreadyAccepted,
        AttestationState.Declined => PageState.AlreadyDeclined,
        AttestationState.Cancelled => PageState.Cancelled,
        AttestationState.Finalised => PageState.Finalised,
        AttestationState.Expired => PageState.Expired,
    };

    /// <summary>What the page shows, by the policy clock.</summary>
    public Screen ScreenNow(OperationContext context, Texts words) =>
        new(words, Attestation.TextAt(context.PolicyNow(Partner.Environment)), Partner.Name, Opened.Company!, SignatoryIn(words));
}
