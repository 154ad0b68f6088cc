namespace Concordat.Core.Policy;

/// <summary>Partner Center's two environments; both share the host, the partner's tenant decides.</summary>
public enum PartnerEnvironment
{
    /// <summary>Real customers.</summary>
    Production,
    /// <summary>Integration sandbox accounts.</summary>
    Sandbox,
}

/// <summary>The way by which a transaction or an attestation arrives.</summary>
public enum Channel
{
    /// <summary>Partner Center API.</summary>
    Api,
    /// <summary>The portal.</summary>
    Ui,
    /// <summary>The bulk attestation tool.</summary>
    BulkTool,
    /// <summary>The customer's own admin center.</summary>
    AdminCenter,
}
