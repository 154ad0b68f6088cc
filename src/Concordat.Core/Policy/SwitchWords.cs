namespace Concordat.Core.Policy;

/// <summary>The date of an attestation that a cut-off looks at.</summary>
public enum CutOffDate
{
    /// <summary>The day the customer accepted, as the partner states it.</summary>
    DateAgreed,
    /// <summary>The instant the attestation was recorded.</summary>
    RecordedAt,
}

/// <summary>Which confirmations a new one must differ from.</summary>
public enum DuplicateScope
{
    /// <summary>Those that still open the gate.</summary>
    Valid,
    /// <summary>The one recorded last.</summary>
    Latest,
    /// <summary>All that were ever recorded.</summary>
    Any,
}

/// <summary>HTTP status of a duplicate.</summary>
public enum DuplicateAnswer
{
    /// <summary>400.</summary>
    BadRequest = 400,
    /// <summary>409.</summary>
    Conflict = 409,
}

/// <summary>What a request gets whose twin, with the same request id, is still being carried out.</summary>
public enum TwinAnswer
{
    /// <summary>409 with Retry-After.</summary>
    Conflict,
    /// <summary>The first answer, once it is there.</summary>
    Waits,
}

/// <summary>Which MPN ids an indirect provider may name as partner of record.</summary>
public enum PartnerOfRecordCheck
{
    /// <summary>Of the partners known here its own resellers only; what is not known passes.</summary>
    Known,
    /// <summary>Its own resellers that are known here, and nobody else.</summary>
    All,
    /// <summary>Any.</summary>
    Unchecked,
}

/// <summary>What a list without confirmations looks like.</summary>
public enum NoConfirmationsAnswer
{
    /// <summary>200 with an empty list.</summary>
    EmptyList,
    /// <summary>Fault 600009, as sample code expects.</summary>
    Fault,
}

/// <summary>How a checkout is refused.</summary>
public enum CheckoutAnswer
{
    /// <summary>403 for the whole cart.</summary>
    Forbidden,
    /// <summary>201 with the refusal in <c>orderErrors</c>.</summary>
    OrderErrors,
}

/// <summary>What a deprecated legacy confirmation gets.</summary>
public enum LegacyAnswer
{
    /// <summary>It works.</summary>
    Works,
    /// <summary>400.</summary>
    BadRequest,
    /// <summary>410.</summary>
    Gone,
}

/// <summary>What a type that contradicts the template gets.</summary>
public enum MismatchAnswer
{
    /// <summary>The template decides.</summary>
    Ignored,
    /// <summary>400.</summary>
    Refused,
}

/// <summary>What a filter by an unknown agreement type gets.</summary>
public enum UnknownTypeAnswer
{
    /// <summary>400.</summary>
    BadRequest,
    /// <summary>200 with an empty list.</summary>
    EmptyList,
}
