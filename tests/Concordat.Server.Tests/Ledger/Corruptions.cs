using System.Security.Cryptography;
using System.Text;
using Concordat.Core.Ledger;
using Concordat.Core.Tests.Ledger;

namespace Concordat.Server.Tests.Ledger;

/// <summary>Receipts with one thing wrong.</summary>
internal static class Corruptions
{
    /// <summary>Changes one bit of the file, or one part of what it says, by chance.</summary>
    public static byte[] InOnePlace(Receipt good, SampleLedger ledger, Random random)
    {
        for (; ; )
        {
            var bytes = random.Next(10) switch
            {
                0 => Flip(good.ToBytes(), random),
                1 => (good with { Entry = Flip(good.Entry, random) }).ToBytes(),
                2 => (good with { Index = random.Next(ledger.Entries.Count + 10) }).ToBytes(),
                3 => (good with { Path = [.. good.Path.Select((hash, i) => i == random.Next(good.Path.Count) ? Flip(hash, random) : hash)] }).ToBytes(),
                4 => (good with { Path = [.. good.Path.Skip(1)] }).ToBytes(),
                5 when good.Disclosures.Count > 0 => (good with { Disclosures = [.. good.Disclosures.Select(text => FlipText(text, random))] }).ToBytes(),
                6 when good.Documents.Count > 0 => (good with { Documents = [good.Documents[0] with { Sha256 = Convert.ToHexStringLower(SHA256.HashData([1])) }] }).ToBytes(),
                7 => (good with { Note = good.Note with { Signatures = [good.Note.Signatures[0] with { Signature = Flip(good.Note.Signatures[0].Signature, random) }] } }).ToBytes(),
                8 => (good with { Note = good.Note with { Checkpoint = good.Note.Checkpoint with { Size = good.Note.Checkpoint.Size + 1 } } }).ToBytes(),
                9 => (good with { TimeStamp = [(byte)random.Next(256)] }).ToBytes(),
                _ => good.ToBytes(),
            };
            if (!bytes.AsSpan().SequenceEqual(good.ToBytes()))
            {
                return bytes;
            }
        }
    }

    /// <summary>A receipt for each rule of the format, most of them broken. The signatures are good wherever the rule comes later.</summary>
    public static IEnumerable<(string Name, byte[] File)> Edges(SampleLedger ledger)
    {
        var good = ledger.Receipt(0);
        var text = Encoding.UTF8.GetString(good.ToBytes());
        yield return ("good", good.ToBytes());
        yield return ("empty", []);
        yield return ("nul", [.. good.ToBytes(), 0]);
        yield return ("two-ends", [.. good.ToBytes(), (byte)'\n']);
        yield return ("no-end", good.ToBytes()[..^1]);
        yield return ("bom", [0xef, 0xbb, 0xbf, .. good.ToBytes()]);
        yield return ("not-utf8", Encoding.Latin1.GetBytes(text.Replace("— ", "\u00e9 ", StringComparison.Ordinal)));
        foreach (var (name, old, replacement) in Spellings)
        {
            yield return (name, Encoding.UTF8.GetBytes(text.Replace(old, replacement, StringComparison.Ordinal)));
        }

        yield return ("stranger", (good with { Note = good.Note with { Signatures = [.. good.Note.Signatures, new NoteSignature("stranger", "01020304", [1])] } }).ToBytes());
        yield return ("only-stranger", (good with { Note = good.Note with { Signatures = [new NoteSignature("stranger", "01020304", [1])] } }).ToBytes());
        yield return ("doubled", (good with { Note = good.Note with { Signatures = [.. good.Note.Signatures, .. good.Note.Signatures] } }).ToBytes());
        yield return ("33-lines", (good with { Note = good.Note with { Signatures = [.. Enumerable.Repeat(good.Note.Signatures[0], 33)] } }).ToBytes());
        yield return ("long-path", (good with { Path = [.. Enumerable.Repeat(new byte[32], 64)] }).ToBytes());
        yield return ("withheld", (good with { Disclosures = [] }).ToBytes());
        yield return ("twice", (good with { Disclosures = [good.Disclosures[0], good.Disclosures[0]] }).ToBytes());
        yield return ("blank", (good with { Disclosures = [good.Disclosures[0] + " "] }).ToBytes());
        yield return ("padded", (good with { Disclosures = [good.Disclosures[0] + "="] }).ToBytes());
        yield return ("field-document", (good with { Documents = [new ReceiptDocument("company", new string('a', 64))] }).ToBytes());
        yield return ("empty-name", (good with { Documents = [new ReceiptDocument("", new string('a', 64))] }).ToBytes());
        yield return ("huge-index", (good with { Index = long.MaxValue }).ToBytes());
        foreach (var (name, entry, disclosures) in Signed)
        {
            yield return (name, Alone(ledger, Encoding.UTF8.GetBytes(entry), disclosures));
        }

        yield return ("bad-utf8-entry", Alone(ledger, [.. "{\"a\":\""u8, 0xed, 0xa0, 0x80, .. "\",\"id\":\"i\",\"kind\":\"k\",\"v\":1}"u8], []));
        yield return ("longest-entry", Alone(ledger, Encoding.UTF8.GetBytes($$"""{"id":"{{new string('a', LedgerEntry.MaxBytes - 26)}}","kind":"b","v":1}"""), []));
        yield return ("too-long-entry", Alone(ledger, Encoding.UTF8.GetBytes($$"""{"id":"{{new string('a', LedgerEntry.MaxBytes - 25)}}","kind":"b","v":1}"""), []));
    }

    private static readonly (string Name, string Old, string Replacement)[] Spellings =
    [
        ("magic", "@v1", "@v2"), ("crlf", "\n", "\r\n"), ("tab", "index ", "index\t"), ("leading-zero", "index 0", "index 00"), ("plus", "index 0", "index +0"),
        ("beyond-63-bits", "index 0", "index 9223372036854775808"), ("size-zero", "\n240\n", "\n0\n"), ("size-beyond", "\n240\n", "\n9223372036854775808\n"),
        ("origin", "concordat.example/ledger/1\n240", "other.example/ledger/1\n240"), ("origin-blank", "concordat.example/ledger/1\n240", "concordat example\n240"),
        ("hyphen", "— ", "- "), ("two-blanks", "— concordat", "—  concordat"), ("name", "— concordat", "— discordat"), ("extension", "\n240\n", "\n240\nmore\n"),
        ("no-padding", "=\n", "\n"), ("uppercase-extra", "extra ", "EXTRA "),
    ];

    private static readonly (string Name, string Entry, string[] Disclosures)[] Signed = MakeSigned();

    private static (string, string, string[])[] MakeSigned()
    {
        string[] entries =
        [
            """{"id":"i","kind":"k","v":1}""", """{"id":"i","kind":"k","new":{"a":[true,false,-5,0,"\u0001\n\"\\😀"]},"v":1}""", """{"id":"i","kind":"k","v":2}""",
            """{"id":"i","kind":"k","v":"1"}""", """{"kind":"k","v":1}""", """{"id":"i","v":1}""", """{"id":["i"],"kind":"k","v":1}""", """{"kind":"k","id":"i","v":1}""",
            """{"id":"i","id":"i","kind":"k","v":1}""", """{"id":"i","kind":"k","v":1 }""", """ {"id":"i","kind":"k","v":1}""", """{"id":"i","kind":"k","v":1}x""", """{"id":"i","kind":"k","v":1.0}""",
            """{"id":"i","kind":"k","v":1e0}""", """{"id":"i","kind":"k","v":01}""", """{"a":-0,"id":"i","kind":"k","v":1}""", """{"a":9007199254740992,"id":"i","kind":"k","v":1}""",
            """{"a":-9007199254740991,"id":"i","kind":"k","v":1}""", """{"a":90071992547409910,"id":"i","kind":"k","v":1}""", """{"a":-,"id":"i","kind":"k","v":1}""", """{"a":null,"id":"i","kind":"k","v":1}""",
            """{"a":tru,"id":"i","kind":"k","v":1}""", """{"a":[[[[1]]]],"id":"i","kind":"k","v":1}""", """{"a":[[[1]]],"id":"i","kind":"k","v":1}""", """{"a":[],"b":{},"id":"i","kind":"k","v":1}""",
            """{"a":[1,],"id":"i","kind":"k","v":1}""", """{"a":"\u000A","id":"i","kind":"k","v":1}""", """{"a":"\u000a","id":"i","kind":"k","v":1}""", """{"a":"\u001F","id":"i","kind":"k","v":1}""",
            """{"a":"\u001f","id":"i","kind":"k","v":1}""", """{"a":"\u0041","id":"i","kind":"k","v":1}""", """{"a":"\/","id":"i","kind":"k","v":1}""", """{"a":"\q","id":"i","kind":"k","v":1}""",
            """{"a\u0001":1,"id":"i","kind":"k","v":1}""", """{"é":1,"id":"i","kind":"k","v":1}""", """{"":1,"id":"i","kind":"k","v":1}""", """{"a b":1,"id":"i","kind":"k","v":1}""", "[1]", "1", "\"a\"", "{}",
            """{"_sd":[],"_sd_alg":"sha-256","id":"i","kind":"k","v":1}""", """{"_sd":["b","a"],"_sd_alg":"sha-256","id":"i","kind":"k","v":1}""", """{"_sd":["a","a"],"_sd_alg":"sha-256","id":"i","kind":"k","v":1}""",
            """{"_sd":["a",1],"_sd_alg":"sha-256","id":"i","kind":"k","v":1}""", """{"_sd":["a"],"id":"i","kind":"k","v":1}""", """{"_sd":["a"],"_sd_alg":"sha-1","id":"i","kind":"k","v":1}""",
            """{"_sd":"a","_sd_alg":"sha-256","id":"i","kind":"k","v":1}""",
        ];
        string[] disclosures =
        [
            """["_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius"]""", """["_26bc4LT-ac6q2KI6cBW5es","id","x"]""", """["_26bc4LT-ac6q2KI6cBW5es","...","x"]""", """["_26bc4LT-ac6q2KI6cBW5es","_sd","x"]""",
            """["_26bc4LT-ac6q2KI6cBW5","name","x"]""", """["_26bc4LT-ac6q2KI6cBW5e=","name","x"]""", """["_26bc4LT-ac6q2KI6cBW5es","name"]""", """["_26bc4LT-ac6q2KI6cBW5es","name","x","y"]""",
            """["_26bc4LT-ac6q2KI6cBW5es","name",1]""", """["_26bc4LT-ac6q2KI6cBW5es","name","\ud800"]""", """["_26bc4LT-ac6q2KI6cBW5es","name","\ud83d\ude00\u00e9\/"]""", """["_26bc4LT-ac6q2KI6cBW5es","\u006eame","x"]""",
            """["_26bc4LT-ac6q2KI6cBW5es","name","x"] trailing""", """{"a":"b"}""", "", """["_26bc4LT-ac6q2KI6cBW5es","name","x",]""", """["_26bc4LT-ac6q2KI6cBW5es","name","a	b"]""", """ [ "_26bc4LT-ac6q2KI6cBW5es" , "" , "" ] """,
        ];
        return
        [
            .. entries.Select((entry, i) => ($"entry{i}", entry, Array.Empty<string>())),
            .. disclosures.Select((json, i) =>
            {
                var opened = System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
                return ($"disclosure{i}", $$"""{"_sd":["{{Disclosure.DigestOf(opened)}}"],"_sd_alg":"sha-256","id":"i","kind":"k","v":1}""", new[] { opened });
            }),
        ];
    }

    /// <summary>A receipt of the only entry of a ledger.</summary>
    private static byte[] Alone(SampleLedger ledger, byte[] entry, string[] disclosures) =>
        new Receipt(entry, disclosures, [], null, 0, [], ledger.Sign(new Checkpoint(SampleLedger.Origin, 1, LeafHash.Of(entry)))).ToBytes();

    private static byte[] Flip(byte[] bytes, Random random)
    {
        var changed = bytes.ToArray();
        changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
        return changed;
    }

    private static string FlipText(string text, Random random)
    {
        var at = random.Next(text.Length);
        return $"{text[..at]}{(text[at] == 'A' ? 'B' : 'A')}{text[(at + 1)..]}";
    }
}
