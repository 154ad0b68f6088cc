using Concordat.Core;

namespace Concordat.Server.Operations;

/// <summary>Where a partner is told what cannot wait: a signatory declined, or disputes a record. One mailbox for each partner, or none.</summary>
internal static class PartnerAlerts
{
    /// <summary>The name under which the address is stored.</summary>
    public static string SettingOf(PartnerId partner) => $"alerts {partner}";
}
