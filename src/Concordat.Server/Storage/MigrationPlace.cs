using Concordat.Core;

namespace Concordat.Server.Storage;

/// <summary>A place in a partner's list of migrations or schedules, which are in order of customer and id.</summary>
internal readonly record struct MigrationPlace(Guid Customer, Guid Id)
{
    /// <summary>The arguments of a query that goes on behind <paramref name="after"/>.</summary>
    public static object?[] Args(PartnerId partner, CustomerId? only, MigrationPlace after, int most) => only is { } customer
        ? [partner.Value, after.Customer, after.Id, most, customer.Value]
        : [partner.Value, after.Customer, after.Id, most];
}
