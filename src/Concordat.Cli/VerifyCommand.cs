using System.CommandLine;
using System.Text.Json;
using Concordat.Core.Ledger;

namespace Concordat.Cli;

/// <summary><c>concordat verify</c>: checks a receipt offline.</summary>
internal static class VerifyCommand
{
    public static Command Make()
    {
        var receipt = new Argument<string>("receipt") { Description = "The .tlog-proof file." };
        var policy = new Option<string>("--policy") { Description = "The keys that you trust, in a file.", Required = true };
        var documents = new Option<string[]>("--document") { Description = "A file that the entry is said to be about; may be repeated." };
        var json = new Option<bool>("--json") { Description = "Answers in JSON." };
        var command = new Command("verify", "Checks a receipt without any network; the exit code says what was found.") { receipt, policy, documents, json };
        command.SetAction(parsed =>
        {
            var verdict = Judge(parsed.GetValue(receipt)!, parsed.GetValue(policy)!, parsed.GetValue(documents) ?? []);
            Write(Console.Out, verdict, parsed.GetValue(json));
            return (int)verdict.Code;
        });
        return command;
    }

    private static Verdict Judge(string receipt, string policyFile, string[] documents)
    {
        try
        {
            var bytes = Inputs.Bytes(receipt);
            var (policy, fault) = Inputs.Policy(policyFile);
            var given = documents.Select(Inputs.Bytes).ToList();
            return policy is not null ? new ReceiptVerifier(policy).Verify(bytes, given)
                : Receipt.Parse(bytes) is null ? new Verdict(ReceiptCode.Format, "the file is not spelled as a receipt is")
                : new Verdict(ReceiptCode.Policy, fault);
        }
        catch (UnreadableException error)
        {
            return new Verdict(ReceiptCode.Unchecked, error.Message);
        }
    }

    private static void Write(TextWriter output, Verdict verdict, bool json)
    {
        if (json)
        {
            output.WriteLine(ToJson(verdict));
            return;
        }

        output.WriteLine($"{verdict.Code.Word()} {verdict.Place}");
        if (verdict is { Code: ReceiptCode.Ok, Receipt: { } receipt, Facts: { } facts })
        {
            output.WriteLine($"  ledger      {receipt.Note.Checkpoint.Origin}");
            output.WriteLine($"  entry       {facts.Id} ({facts.Kind})");
            output.WriteLine($"  at          {facts.At ?? "-"}, recorded {facts.Recorded ?? "-"}, level {facts.Level ?? "-"}");
            foreach (var (name, value) in facts.Opened)
            {
                output.WriteLine($"  {name,-11} {value}");
            }

            output.WriteLine(facts.Withheld == 0 ? "  nothing is withheld" : FormattableString.Invariant($"  {facts.Withheld} fields withheld, proof intact"));
        }
    }

    private static string ToJson(Verdict verdict)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("code", verdict.Code.Word());
            json.WriteString("place", verdict.Place);
            if (verdict.Receipt is { } receipt)
            {
                json.WriteString("ledger", receipt.Note.Checkpoint.Origin);
                json.WriteNumber("index", receipt.Index);
                json.WriteNumber("size", receipt.Note.Checkpoint.Size);
            }

            if (verdict.Facts is { } facts)
            {
                WriteFacts(json, facts);
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteFacts(Utf8JsonWriter json, EntryFacts facts)
    {
        json.WriteString("entry", facts.Id);
        json.WriteString("kind", facts.Kind);
        json.WriteString("at", facts.At);
        json.WriteString("recordedAt", facts.Recorded);
        json.WriteString("level", facts.Level);
        json.WriteStartObject("disclosed");
        foreach (var (name, value) in facts.Opened)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteNumber("withheld", facts.Withheld);
    }
}
