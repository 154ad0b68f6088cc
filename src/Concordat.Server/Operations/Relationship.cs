using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>The first question of every call about a customer.</summary>
internal static class Relationship
{
    /// <summary>
    /// Null when the partner may act for the customer. An unknown customer and another partner's are the same answer, so
    /// that nobody can find out who sells to whom.
    /// </summary>
    public static Problem? Check(StandingRow? row) => Check(row?.Active);

    /// <summary>The same for a customer that was read as such.</summary>
    public static Problem? Check(CustomerRow? row) => Check(row?.Active);

    private static Problem? Check(bool? active) => active switch
    {
        null => new Problem(ProblemCode.CustomerNotFound, "There is no customer with that id.", "customerId"),
        false => new Problem(ProblemCode.NoRelationship, "The relationship with this customer is not active.", "customerId"),
        true => null,
    };
}
