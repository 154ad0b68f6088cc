namespace Concordat.Core.Policy;

/// <summary>
/// What the wire says beside a refusal's code. Clients match on these texts: they never change and are never
/// translated.
/// </summary>
public static class RefusalText
{
    /// <summary>
    /// 13605, from Microsoft's table of Partner Center REST error codes (since 2020). Unlike the other text it ends without
    /// a full stop.
    /// </summary>
    public const string NothingOnRecord =
        "Either a partner confirmation of the customer acceptance of the Microsoft Customer Agreement must be provided or "
        + "the customer must accept the Microsoft Customer Agreement in the Microsoft Admin Center before you can complete this purchase";

    /// <summary>900428, from Microsoft's page on confirming the customer's acceptance (the 2025 enforcement).</summary>
    public const string Outdated =
        "Either a partner re-attestation of the customer acceptance of the Microsoft Customer Agreement must be provided or "
        + "the customer must re-attest the Microsoft Customer Agreement in the Microsoft Admin Center before you can complete this purchase.";

    /// <summary>The text of a code.</summary>
    public static string Of(RefusalCode code) => code switch
    {
        RefusalCode.NothingOnRecord => NothingOnRecord,
        RefusalCode.Outdated => Outdated,
    };
}
