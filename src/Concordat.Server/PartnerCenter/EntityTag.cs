using System.Globalization;
using Concordat.Core;
using Concordat.Server.Hosting;

namespace Concordat.Server.PartnerCenter;

/// <summary>
/// Versions of resources on the wire. <c>attributes.etag</c> is the header's value, quotes included, because clients put it
/// into <c>If-Match</c> as it is.
/// </summary>
internal static class EntityTag
{
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>
    /// The version in <c>If-Match</c>, quoted, bare or weak; null for <c>*</c>. A missing header is refused: who has not
    /// read the resource cannot replace it. A tag that is none of ours matches no version.
    /// </summary>
    public static Outcome<long?> IfMatch(Call call)
    {
        var tag = call.Http.Request.Headers.IfMatch.ToString().Trim();
        if (tag.Length == 0)
        {
            return new Problem(ProblemCode.InvalidInput, "Send the resource's attributes.etag as If-Match.", "If-Match");
        }

        if (tag == "*")
        {
            return default(long?);
        }

        tag = (tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag).Trim('"');
        return long.TryParse(tag, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1;
    }
}
