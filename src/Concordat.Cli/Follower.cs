using System.Text;
using Concordat.Core.Ledger;

namespace Concordat.Cli;

/// <summary>One look at a ledger, compared with the last one. What contradicts the last one is kept beside it.</summary>
internal sealed class Follower(HttpClient http, string address, LedgerPolicy policy, string stateFile)
{
    /// <summary>The code, and in words what was found.</summary>
    public async Task<(ReceiptCode Code, string Place)> LookAsync(CancellationToken cancel)
    {
        var known = File.Exists(stateFile) ? SignedNote.Parse(Inputs.Bytes(stateFile)) ?? throw new UnreadableException($"{stateFile} is no checkpoint") : null;
        var bytes = await http.GetByteArrayAsync(new Uri($"{address.TrimEnd('/')}/checkpoint"), cancel);
        if (SignedNote.Parse(bytes) is not { } note)
        {
            return (ReceiptCode.Format, "the checkpoint is not spelled as one is");
        }

        var code = NoteVerifier.Check(note, policy);
        if (code != ReceiptCode.Ok)
        {
            return (code, $"the checkpoint of size {note.Checkpoint.Size}");
        }

        if (known is not null && await ContradictionAsync(known.Checkpoint, note.Checkpoint, cancel) is { } alarm)
        {
            await KeepAsync($"{stateFile}.contradiction", bytes, cancel);
            return (ReceiptCode.Path, $"{alarm}; both checkpoints are kept: {stateFile} and {stateFile}.contradiction");
        }

        await KeepAsync(stateFile, bytes, cancel);
        return (ReceiptCode.Ok, FormattableString.Invariant($"size {note.Checkpoint.Size}{(known is null ? ", the first look" : $", {known.Checkpoint.Size} before")}"));
    }

    private async Task<string?> ContradictionAsync(Checkpoint known, Checkpoint now, CancellationToken cancel)
    {
        if (known.Origin != now.Origin)
        {
            return $"another ledger: {known.Origin} before, {now.Origin} now";
        }

        if (now.Size < known.Size)
        {
            return FormattableString.Invariant($"rolled back: {known.Size} entries before, {now.Size} now");
        }

        if (known.Size == 0)
        {
            return null;
        }

        var path = now.Size == known.Size ? [] : await ProofAsync(known.Size, now.Size, cancel);
        return path is not null && MerkleProof.Extends(known.Size, now.Size, known.Root, now.Root, path)
            ? null
            : FormattableString.Invariant($"forked: the tree of {now.Size} entries does not begin with the one of {known.Size}");
    }

    private async Task<IReadOnlyList<byte[]>?> ProofAsync(long from, long to, CancellationToken cancel)
    {
        using var answer = await http.GetAsync(new Uri(FormattableString.Invariant($"{address.TrimEnd('/')}/consistency?from={from}&to={to}")), cancel);
        if (answer.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            // It showed the larger tree a moment ago: whoever cannot prove that it grew out of the known one has another.
            return null;
        }

        var text = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancel);
        var path = new List<byte[]>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var hash = new byte[line.Length];
            if (!Convert.TryFromBase64String(line, hash, out var count))
            {
                return null;
            }

            path.Add(hash[..count]);
        }

        return path;
    }

    private static async Task KeepAsync(string file, byte[] note, CancellationToken cancel)
    {
        await File.WriteAllTextAsync($"{file}.new", Encoding.UTF8.GetString(note), cancel);
        File.Move($"{file}.new", file, overwrite: true);
    }
}
