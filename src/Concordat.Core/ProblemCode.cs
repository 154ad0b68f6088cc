namespace Concordat.Core;

/// <summary>
/// Every refusal the product can give. Each surface turns them into its own answer in exactly one switch without a
/// discard arm (the wire in PartnerCenter/WireError.cs, /api in Api/ApiError.cs), so that a new code does not compile
/// until every surface answers it.
/// </summary>
public enum ProblemCode
{
    /// <summary>A field of the input is missing or malformed; <see cref="Problem.Field"/> names it.</summary>
    InvalidInput,
    /// <summary>The body is not JSON, or not of the expected shape.</summary>
    MalformedBody,
    /// <summary>The customer id in the path is no GUID.</summary>
    InvalidCustomerId,
    /// <summary>A query parameter that the call cannot use: filter, size, seek operation, continuation token, tenant id.</summary>
    InvalidQuery,
    /// <summary>Not exactly one of MPN id and tenant id, or an MPN id that is no number.</summary>
    InvalidMpnId,
    /// <summary>A word that is not one of the enumeration's.</summary>
    UnknownEnumWord,
    /// <summary>The date of agreement lies in the future, is impossible, or precedes the floor.</summary>
    InvalidDateAgreed,
    /// <summary>The customer's country demands an organisation registration number and none was sent (600049).</summary>
    RegistrationNumberMissing,
    /// <summary>The organisation registration number is malformed (600050).</summary>
    RegistrationNumberMalformed,
    /// <summary>The customer's country demands a phone number beside the registration number (600051).</summary>
    RegistrationPhoneMissing,
    /// <summary>A registration number was sent for a country that has none (600002, the number's other meaning).</summary>
    RegistrationNumberNotSupported,
    /// <summary>The template id is not in the catalogue, or the timeline no longer (or not yet) accepts it.</summary>
    TemplateNotSupported,
    /// <summary>The enhanced attestation is not in the state that the step needs: pending, used, expired, cancelled, declined.</summary>
    AttestationState,
    /// <summary>The enhanced attestation belongs to another customer of the partner.</summary>
    AttestationOfAnother,
    /// <summary>The agreement's text, or the page around it, is no longer what the signatory was shown.</summary>
    PresentationChanged,
    /// <summary>It is not known well enough who answers.</summary>
    AssuranceTooLow,
    /// <summary>The code is not the one sent, too old, or was tried too often.</summary>
    WrongCode,
    /// <summary>The customer has no confirmation, for partners whose profile reports that as a fault (600009).</summary>
    NoConfirmations,
    /// <summary>The same signatory is already recorded and still valid (600061).</summary>
    DuplicateConfirmation,
    /// <summary>No customer of this partner has that id: unknown, or another partner's, indistinguishably.</summary>
    CustomerNotFound,
    /// <summary>Some other resource in the path does not exist for this caller.</summary>
    NotFound,
    /// <summary>No partner has that MPN id or tenant id.</summary>
    PartnerProfileNotFound,
    /// <summary>No partner is known under the MPN id of the partner of record (800015).</summary>
    PartnerOfRecordUnknown,
    /// <summary>The partner of record is no indirect reseller (800016).</summary>
    PartnerOfRecordNoReseller,
    /// <summary>The partner of record is another provider's reseller (2072).</summary>
    PartnerOfRecordUnrelated,
    /// <summary>The relationship with the customer is not active.</summary>
    NoRelationship,
    /// <summary>The customer is in a national cloud, where attestation does not exist.</summary>
    NationalCloud,
    /// <summary>The gate refuses; <see cref="Problem.Decision"/> says why.</summary>
    AgreementRequired,
    /// <summary>The caller's role or partner kind may not do this (a reseller attesting, Helpdesk writing).</summary>
    NotPermitted,
    /// <summary>The call takes App+User tokens only.</summary>
    AppOnlyNotSupported,
    /// <summary>The call takes App-only tokens only.</summary>
    UserTokenNotSupported,
    /// <summary>No bearer token was sent.</summary>
    TokenMissing,
    /// <summary>The token does not validate.</summary>
    TokenInvalid,
    /// <summary>The token is for another audience.</summary>
    TokenAudience,
    /// <summary>The App+User token carries no proof of multi-factor authentication.</summary>
    MfaRequired,
    /// <summary>The policy asks for the X-Concordat-Operator header and it is missing.</summary>
    OperatorRequired,
    /// <summary>The legacy confirmation is switched off by the partner's profile.</summary>
    LegacyCallRetired,
    /// <summary>An If-Match that does not match the stored ETag.</summary>
    EtagMismatch,
    /// <summary>The same request id came before with another body.</summary>
    RequestIdReused,
    /// <summary>The same request is still being carried out.</summary>
    RequestInFlight,
    /// <summary>The operation does not apply to the resource's state (a subscription that has ended, an expired cart).</summary>
    StateConflict,
    /// <summary>Seats were to be given back after the refund window (800090).</summary>
    RefundWindowClosed,
    /// <summary>A cart that is being checked out or was ordered.</summary>
    CartAlreadySubmitted,
    /// <summary>The domain or name is already taken.</summary>
    AlreadyExists,
    /// <summary>Only sandbox accounts may do this.</summary>
    SandboxOnly,
    /// <summary>The body exceeds the limit.</summary>
    BodyTooLarge,
    /// <summary>The body's content type is none this service reads.</summary>
    UnsupportedMediaType,
    /// <summary>The path exists, not with this method.</summary>
    MethodNotAllowed,
    /// <summary>The caller exceeded a rate limit.</summary>
    TooManyRequests,
    /// <summary>The server sheds load or is shutting down; safe to repeat.</summary>
    Overloaded,
    /// <summary>A bug. Details are in the log under the request id, never in the answer.</summary>
    Internal,
}
