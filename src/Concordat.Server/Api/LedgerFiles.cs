using System.Globalization;
using System.Text;
using Concordat.Core.Ledger;
using Concordat.Server.Hosting;
using Concordat.Server.Operations.Sequencing;
using Concordat.Server.Storage;

namespace Concordat.Server.Api;

/// <summary>
/// The ledger for everybody who wants to watch it, under <c>/ledger/1</c>: the checkpoint, tiles, entries and consistency
/// proofs (docs/ledger-format.md). No token is needed, as entries name nobody. Nothing is served that is not yet signed.
/// </summary>
internal static class LedgerFiles
{
    private const string Forever = "public, max-age=31536000, immutable";

    public static void Map(IEndpointRouteBuilder routes, Parts parts)
    {
        Serve("/ledger/1/checkpoint", "text/plain; charset=utf-8", "no-cache", (_, tx) => CheckpointAsync(tx));
        Serve("/ledger/1/policy", "text/plain; charset=utf-8", "no-cache", (_, tx) => PolicyAsync(tx));
        Serve("/ledger/1/consistency", "text/plain; charset=utf-8", Forever, ConsistencyAsync);
        Serve("/ledger/1/tile/entries/{**number}", "application/octet-stream", Forever, BundleAsync);
        Serve("/ledger/1/tile/{level}/{**number}", "application/octet-stream", Forever, TileAsync);

        void Serve(string path, string type, string caching, Func<HttpRequest, Tx, ValueTask<byte[]?>> read) =>
            routes.MapMethods(path, ["GET", "HEAD"], async http =>
            {
                if (await parts.Database.ReadSharedAsync(tx => read(http.Request, tx)) is not { } bytes)
                {
                    http.Response.StatusCode = 404;
                    return;
                }

                http.Response.Headers.CacheControl = caching;
                http.Response.ContentType = type;
                http.Response.ContentLength = bytes.Length;
                if (!HttpMethods.IsHead(http.Request.Method))
                {
                    await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
                }
            });
    }

    private static async ValueTask<byte[]?> CheckpointAsync(Tx tx) =>
        await CheckpointRows.LastAsync(tx) is { } last ? Encoding.UTF8.GetBytes(last.Note) : null;

    private static async ValueTask<byte[]?> PolicyAsync(Tx tx) =>
        await LedgerKeys.PolicyAsync(tx) is { Logs.Count: > 0 } policy ? Encoding.UTF8.GetBytes(policy.ToString()) : null;

    private static async ValueTask<byte[]?> ConsistencyAsync(HttpRequest request, Tx tx)
    {
        var size = await SizeAsync(tx);
        if (NumberIn(request, "from") is not { } from || NumberIn(request, "to") is not { } to || from < 1 || from > to || to > size)
        {
            return null;
        }

        var hashes = await StoredTree.HashAsync(tx, to, TreePath.Consistency(from, to));
        return Encoding.ASCII.GetBytes(string.Concat(hashes.Select(hash => Convert.ToBase64String(hash) + "\n")));
    }

    private static async ValueTask<byte[]?> BundleAsync(HttpRequest request, Tx tx)
    {
        if (await AskedAsync(request, tx, level: 0) is not { } tile)
        {
            return null;
        }

        var first = tile.Number * Tile.Full;
        var leaves = await TreeRows.LeavesAsync(tx, first, first + tile.Width);
        return leaves.Count == tile.Width && leaves.All(leaf => leaf.Bytes is not null)
            ? EntryBundle.ToBytes(leaves.ConvertAll(leaf => leaf.Bytes!))
            : null;
    }

    private static async ValueTask<byte[]?> TileAsync(HttpRequest request, Tx tx)
    {
        var text = (string)request.RouteValues["level"]!;
        return text is [>= '0' and <= '7'] && await AskedAsync(request, tx, text[0] - '0') is { } tile
            ? await TreeRows.HashesAsync(tx, tile)
            : null;
    }

    /// <summary>The tile of the path when all of it is signed.</summary>
    private static async ValueTask<Tile?> AskedAsync(HttpRequest request, Tx tx, int level) =>
        Tile.TryReadNumber((string?)request.RouteValues["number"] ?? "", out var number, out var width) &&
        Tile.At(level, number, await SizeAsync(tx)) is { } signed && width <= signed.Width
            ? signed with { Width = width }
            : null;

    private static async ValueTask<long> SizeAsync(Tx tx) => (await CheckpointRows.LastAsync(tx))?.Size ?? 0;

    private static long? NumberIn(HttpRequest request, string name) =>
        long.TryParse(request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
