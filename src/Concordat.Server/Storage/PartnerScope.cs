using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>
/// Whose rows a connection may see and write, announced with every read and every transaction. Shared tables are open to
/// all of them. SQLite has no roles and takes no notice.
/// </summary>
internal sealed class PartnerScope
{
    /// <summary>Shared tables only.</summary>
    public static readonly PartnerScope None = new([]);

    /// <summary>Every partner's rows: for work that is not about one partner.</summary>
    public static readonly PartnerScope Everything = new(null);

    private readonly IReadOnlyCollection<PartnerId>? partners;

    private PartnerScope(IReadOnlyCollection<PartnerId>? partners) => this.partners = partners;

    /// <summary>The setting that PostgreSQL's policies read: <c>*</c> for everything, otherwise an array of ids.</summary>
    public string Text => field ??= partners is null ? "*" : $"{{{string.Join(',', partners.Select(partner => $@"\\x{partner.Value:N}"))}}}";

    public static PartnerScope Of(PartnerId partner) => new([partner]);

    public static PartnerScope Of(IEnumerable<PartnerId> partners) => new(partners.ToHashSet());

    /// <summary>What all of them may see together.</summary>
    public static PartnerScope Union(IReadOnlyList<PartnerScope> scopes)
    {
        if (scopes is [var only])
        {
            return only;
        }

        var all = new HashSet<PartnerId>();
        foreach (var scope in scopes)
        {
            if (scope.partners is null)
            {
                return Everything;
            }

            all.UnionWith(scope.partners);
        }

        return new PartnerScope(all);
    }
}
