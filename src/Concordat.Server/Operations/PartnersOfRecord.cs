using Concordat.Core;
using Concordat.Core.Policy;
using Concordat.Server.Hosting.Identity;

namespace Concordat.Server.Operations;

/// <summary>
/// May a provider name this MPN id as partner of record? Only indirect resellers stand there, and of those that this service
/// knows only the provider's own. Other sellers have no resellers, so their ids are kept as they come.
/// </summary>
internal static class PartnersOfRecord
{
    /// <summary>Why not; null when it may, or when none is named.</summary>
    public static Problem? Check(PartnerDirectory directory, Partner seller, string? mpnId, string field)
    {
        var check = seller.Switches.PartnerOfRecord;
        if (mpnId is null || seller.Kind != PartnerKind.IndirectProvider || check == PartnerOfRecordCheck.Unchecked)
        {
            return null;
        }

        return directory.FindByMpn(mpnId) switch
        {
            null when check == PartnerOfRecordCheck.All =>
                new Problem(ProblemCode.PartnerOfRecordUnknown, "No partner is known under that MPN id.", field),
            null => null,
            { Kind: not PartnerKind.IndirectReseller } =>
                new Problem(ProblemCode.PartnerOfRecordNoReseller, "That MPN id is not an indirect reseller's.", field),
            { Provider: var provider } when provider != seller.Id =>
                new Problem(ProblemCode.PartnerOfRecordUnrelated, "That MPN id belongs to no reseller of yours.", field),
            _ => null,
        };
    }
}
