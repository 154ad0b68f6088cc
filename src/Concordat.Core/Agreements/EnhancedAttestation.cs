using Concordat.Core.Agreements.Texts;

namespace Concordat.Core.Agreements;

/// <summary>Where an enhanced attestation stands.</summary>
public enum AttestationState
{
    /// <summary>Waits for the signatory.</summary>
    Pending,
    /// <summary>The signatory accepted; the partner may make the agreement of it, at any time.</summary>
    Accepted,
    /// <summary>The signatory said no.</summary>
    Declined,
    /// <summary>The partner took it back.</summary>
    Cancelled,
    /// <summary>The agreement was made.</summary>
    Finalised,
    /// <summary>Nobody answered in time. Never stored: it follows from <see cref="Pending"/> and the policy clock.</summary>
    Expired,
}

/// <summary>
/// One enhanced attestation: the partner asks, the signatory answers on a page that shows the text, the partner makes the
/// agreement. Each step answers the attestation after it, or why it cannot be taken. It belongs to one customer at most:
/// the one named when it was made, or the one it is finalised for.
/// </summary>
/// <param name="Id">Random.</param>
/// <param name="State">As stored; ask <see cref="StateAt"/> for what holds now.</param>
/// <param name="Country">Alpha-2, upper case.</param>
/// <param name="Language">Tag as the partner sent it, in its usual casing.</param>
/// <param name="Customer">The customer it is for; null while it is not known.</param>
/// <param name="MinimumAssurance">The least that an answer needs.</param>
/// <param name="CreatedAt">Policy clock, UTC.</param>
/// <param name="ExpiresAt">First instant at which it can no longer be answered; policy clock, UTC.</param>
public sealed record EnhancedAttestation(
    AttestationId Id, AttestationState State, string Country, string Language, CustomerId? Customer, Assurance MinimumAssurance,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>The agreement that is attested this way.</summary>
    public const AgreementType Type = AgreementType.MicrosoftCustomerAgreement;

    /// <summary>Whoever answers sooner after the attestation was made has not read it.</summary>
    public static readonly TimeSpan ReadingTime = TimeSpan.FromSeconds(10);

    /// <summary>When the signatory answered or the partner cancelled; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When the agreement was made; null before.</summary>
    public DateTimeOffset? FinalisedAt { get; init; }

    /// <summary>The state that holds at that instant.</summary>
    public AttestationState StateAt(DateTimeOffset now) =>
        State == AttestationState.Pending && now >= ExpiresAt ? AttestationState.Expired : State;

    /// <summary>
    /// The text to show, hash and record: the version in force, in the asked language or what stands in for it. The same
    /// object for the page that shows it and for the answer that is compared with it.
    /// </summary>
    public AgreementText TextAt(DateTimeOffset now)
    {
        var language = TemplateCatalogue.LanguageFor(Country, Language);
        return AgreementTexts.Of(new AgreementFile(Type, AgreementVersions.BuiltIn.InForceAt(Type, now), Country, language));
    }

    /// <summary>The signatory says yes or no.</summary>
    public Outcome<EnhancedAttestation> Answer(bool accepts, Assurance reached, Assurance required, DateTimeOffset now)
    {
        if (StateAt(now) != AttestationState.Pending) return Closed(now);
        var least = AssuranceWords.Stricter(MinimumAssurance, required);
        if (reached < least)
            return new Problem(ProblemCode.AssuranceTooLow, $"An answer needs the assurance {least.Word()}; this one has {reached.Word()}.");
        return this with { State = accepts ? AttestationState.Accepted : AttestationState.Declined, EndedAt = now };
    }

    /// <summary>The partner takes it back; once more changes nothing.</summary>
    public Outcome<EnhancedAttestation> Cancel(DateTimeOffset now) => StateAt(now) switch
    {
        AttestationState.Pending => this with { State = AttestationState.Cancelled, EndedAt = now },
        AttestationState.Cancelled => this,
        _ => Closed(now),
    };

    /// <summary>The partner makes the agreement with that customer of it.</summary>
    public Outcome<EnhancedAttestation> Finalise(CustomerId customer, DateTimeOffset now)
    {
        if (Customer is { } named && named != customer)
            return new Problem(ProblemCode.AttestationOfAnother, "The attestation belongs to another customer.", "attestationId");
        return StateAt(now) == AttestationState.Accepted
            ? this with { State = AttestationState.Finalised, Customer = customer, FinalisedAt = now }
            : Closed(now);
    }

    /// <summary>The partner says later who declined; the same customer again changes nothing.</summary>
    public Outcome<EnhancedAttestation> Link(CustomerId customer, DateTimeOffset now)
    {
        if (StateAt(now) != AttestationState.Declined) return Closed(now);
        return Customer is { } named && named != customer
            ? new Problem(ProblemCode.AttestationOfAnother, "The attestation belongs to another customer.", "attestationId")
            : this with { Customer = customer };
    }

    private Problem Closed(DateTimeOffset now) => new(ProblemCode.AttestationState, StateAt(now) switch
    {
        AttestationState.Pending => "The attestation is pending: the signatory has not answered yet.",
        AttestationState.Accepted => "The attestation is accepted: make the agreement of it.",
        AttestationState.Declined => "The attestation is declined: the signatory said no.",
        AttestationState.Cancelled => "The attestation is cancelled. Create a new one.",
        AttestationState.Finalised => "The attestation is finalised: its agreement is made, and it cannot be used again.",
        AttestationState.Expired => "The attestation is expired: nobody answered in time. Create a new one.",
    }, "attestationId");
}
