using System.Globalization;
using System.Reflection;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Configuration;
using Concordat.Server.Tests.EndToEnd;
using Microsoft.Extensions.Logging;

namespace Concordat.Server.Tests.Hosting;

/// <summary>docs/operations.md and docs/sandbox.md say what the code does.</summary>
public class OperationsDocumentTests(Servers servers)
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Child.Root, "docs", "operations.md"));

    [Fact]
    public void Document_EverySetting_IsListedWithItsVariable() =>
        Assert.All(Setting.All, setting => Assert.Contains($"| `{setting.Name}` | `{setting.Variable}` |", Text, StringComparison.Ordinal));

    [Fact]
    public void All_EveryDeclaredSetting_IsInTheList() =>
        Assert.Equal(
            typeof(Setting).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.FieldType == typeof(Setting)).Select(field => (Setting)field.GetValue(null)!),
            Setting.All);

    [Fact]
    public void Document_EveryLogEvent_IsListedWithItsId()
    {
        var events = typeof(LogEvents).GetMethods().Select(method => (method.Name, Event: method.GetCustomAttribute<LoggerMessageAttribute>())).Where(method => method.Event is not null).ToList();
        Assert.NotEmpty(events);
        Assert.All(events, one => Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"| {one.Event!.EventId} | `{one.Name}` |"), Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task SandboxDocument_EveryScenario_AnswersAnOrderAsTheTableSays()
    {
        var server = await servers.GetAsync("sqlite");
        var rows = (await File.ReadAllLinesAsync(Path.Combine(Child.Root, "docs", "sandbox.md"), TestContext.Current.CancellationToken))
            .SkipWhile(line => line != "## Scenarios").TakeWhile(line => !line.StartsWith("## P", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();
        Assert.Equal(9, rows.Count);
        foreach (var row in rows)
        {
            var customer = TestServer.Customer(row[1].Trim('`'));
            await using var own = row[1] == "`never`" ? await TestServer.StartAsync("sqlite") : null;
            var answer = await (own ?? server).SendAsync("POST", $"/v1/customers/{customer}/orders", TestServer.Order());
            Assert.StartsWith(answer.Status == 403 ? $"403, {answer.Code}" : $"{answer.Status}", row[3], StringComparison.Ordinal);
        }
    }
}
