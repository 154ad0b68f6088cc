namespace Concordat.Core.Agreements;

/// <summary>
/// Signs that the seller accepted in the customer's place. They go on the record and block nothing: each has innocent
/// explanations, all together rarely.
/// </summary>
[Flags]
public enum SelfAcceptance
{
    /// <summary>None seen.</summary>
    None = 0,
    /// <summary>Answered in the session in which the attestation was made.</summary>
    SameSession = 1,
    /// <summary>Answered by the browser in which the attestation was made.</summary>
    SameBrowser = 2,
    /// <summary>Answered from the network (/24, /64) from which the attestation was made.</summary>
    SameNetwork = 4,
    /// <summary>Answered sooner than anybody reads (<see cref="EnhancedAttestation.ReadingTime"/>).</summary>
    WithinSeconds = 8,
    /// <summary>The text was never on the screen.</summary>
    TextNotShown = 16,
    /// <summary>The signatory's e-mail address is in the partner's own domain.</summary>
    SellersDomain = 32,
}
