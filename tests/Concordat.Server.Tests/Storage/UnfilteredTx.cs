using System.Data.Common;
using System.Text.RegularExpressions;
using Concordat.Server.Storage;

namespace Concordat.Server.Tests.Storage;

/// <summary>Runs every statement without its own condition on the partner, as if somebody had forgotten it.</summary>
internal sealed partial class UnfilteredTx(Tx inner) : Tx
{
    /// <summary>Statements that lost a condition.</summary>
    public int Changed { get; private set; }

    public override PartnerScope Scope
    {
        get => inner.Scope;
        set => inner.Scope = value;
    }

    public override ValueTask<List<T>> ManyAsync<T>(string sql, Func<DbDataReader, T> map, params object?[] args) =>
        inner.ManyAsync(Without(sql), map, args);

    public override ValueTask<T?> OneAsync<T>(string sql, Func<DbDataReader, T> map, params object?[] args) where T : class =>
        inner.OneAsync(Without(sql), map, args);

    public override ValueTask<int> ExecuteAsync(string sql, params object?[] args) => inner.ExecuteAsync(Without(sql), args);

    public override ValueTask InsertAsync(Insert into, params object?[] values) => inner.InsertAsync(into, values);

    public override ValueTask PrefetchAsync(IReadOnlyList<PlannedRead> reads) =>
        throw new NotSupportedException("A planned read holds its own text.");

    // The parameter stays, or the others would be counted wrongly.
    private string Without(string sql)
    {
        var bare = Condition().Replace(sql, match => $"{match.Groups["parameter"].Value}::bytea IS NOT NULL");
        Changed += bare == sql ? 0 : 1;
        return bare;
    }

    [GeneratedRegex(@"(\b\w+\.)?\bpartner_id = (?<parameter>\$\d+)")]
    private static partial Regex Condition();
}
