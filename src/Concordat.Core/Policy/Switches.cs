using Concordat.Core.Agreements;

namespace Concordat.Core.Policy;

/// <summary>
/// Where Microsoft's behaviour is unknown or differs by date, a switch says what this service does. Defaults are those
/// of the profile <c>microsoft-2025</c>; docs/partner-center.md lists each with the divergence it belongs to. "Domain" and
/// "agreements" below are the sections of the two reference pages, partner-center-domain and partner-center-agreements.
/// </summary>
public sealed record Switches
{
    /// <summary>The defaults.</summary>
    public static readonly Switches Default = new();

    /// <summary>Answer 900428 also when nothing is on record (default: no, 13605; domain C.4).</summary>
    public bool OutdatedCodeForBoth { get; init; }
    /// <summary>Gate changes of the next term (default: yes; domain C.2, unknown).</summary>
    public bool GateScheduledChange { get; init; } = true;
    /// <summary>Gate suspended to active (default: no; domain C.2, unknown).</summary>
    public bool GateReactivation { get; init; }
    /// <summary>A disputed record blocks (default: no, it is kept and flagged; DESIGN section 3).</summary>
    public bool DisputeBlocks { get; init; }
    /// <summary>
    /// Which date a cut-off looks at (default: <c>dateAgreed</c>, in UTC; domain C.3). It is the date that the standing's fold
    /// keeps, so a partner whose switch changes needs its standings folded anew.
    /// </summary>
    public CutOffDate CutOffCompares { get; init; }
    /// <summary>Which confirmations a new one must differ from (default: those still valid; DESIGN section 3).</summary>
    public DuplicateScope DuplicateAgainst { get; init; }
    /// <summary>HTTP status of 600061 (default: 409, by the announcement of November 2020; agreements 3.4).</summary>
    public DuplicateAnswer DuplicateStatus { get; init; } = DuplicateAnswer.Conflict;
    /// <summary>
    /// The answer when a customer has no confirmation (default: 200 and an empty list; agreements 10, rule 6).
    /// </summary>
    public NoConfirmationsAnswer NoConfirmations { get; init; }
    /// <summary>How a checkout is refused (default: 403 for the whole; domain C.4).</summary>
    public CheckoutAnswer CheckoutRefusal { get; init; }
    /// <summary>What a deprecated legacy confirmation gets (default: it works; domain D, contradiction 4).</summary>
    public LegacyAnswer LegacyAfterRetirement { get; init; }
    /// <summary>
    /// What a <c>type</c> that contradicts the template gets (default: ignored, the template decides; agreements 3.1).
    /// </summary>
    public MismatchAnswer TypeMismatch { get; init; }
    /// <summary>What a filter by an unknown agreement type gets (default: 400; agreements 11, unknown).</summary>
    public UnknownTypeAnswer UnknownAgreementType { get; init; }
    /// <summary>
    /// What a request gets while the first one with its id is being carried out (default: 409 with Retry-After; DESIGN section
    /// 4).
    /// </summary>
    public TwinAnswer RequestInFlight { get; init; }
    /// <summary>
    /// Which partners of record a provider may name (default: of those known here its own resellers; domain A.4).
    /// </summary>
    public PartnerOfRecordCheck PartnerOfRecord { get; init; }
    /// <summary>Start answers with a UTF-8 byte order mark, as production did (default: no; agreements 8.2).</summary>
    public bool ByteOrderMark { get; init; }
    /// <summary>
    /// App+User tokens need a proof of multi-factor authentication, else 401/900421 (default: yes; agreements 10, rule
    /// 9).
    /// </summary>
    public bool MfaRequired { get; init; } = true;
    /// <summary>App-only writes need the X-Concordat-Operator header (default: no; issue 2, item 7).</summary>
    public bool OperatorRequiredForAppOnly { get; init; }
    /// <summary>
    /// A customer with a partner attestation cannot accept directly and is sent back to its partner (default: no; domain E.2,
    /// step 5, seen by partners).
    /// </summary>
    public bool DirectAcceptanceDeadEnd { get; init; }
    /// <summary>Apply the documented request limits (default: yes; the sandbox sets no; domain B, agreements 8.7).</summary>
    public bool Throttling { get; init; } = true;
    /// <summary>
    /// The least assurance that the answer to an enhanced attestation needs; an attestation may ask for more (default: link;
    /// agreements 6.2).
    /// </summary>
    public Assurance MinimumAssurance { get; init; }
    /// <summary>How long an enhanced attestation can be answered (default: 7 days; agreements 6.2, unknown).</summary>
    public TimeSpan AttestationLifetime { get; init; } = TimeSpan.FromDays(7);
    /// <summary>How far <c>dateAgreed</c> may lie ahead of the policy clock (default: 5 minutes; DESIGN section 3).</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(5);
    /// <summary>Earliest <c>dateAgreed</c>, midnight UTC (default: 2010-01-01; DESIGN section 3).</summary>
    public DateOnly DateAgreedFloor { get; init; } = new(2010, 1, 1);
}
