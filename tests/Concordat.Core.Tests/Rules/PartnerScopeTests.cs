using System.Text.RegularExpressions;

namespace Concordat.Core.Tests.Rules;

/// <summary>
/// Row-level security lets a transaction see the partners that it names. What sees all of them is listed here, so that a new
/// place is a decision and not an accident.
/// </summary>
public partial class PartnerScopeTests
{
    // Each says why one partner is not enough.
    private static readonly Dictionary<string, string> MaySeeEverything = new(StringComparer.Ordinal)
    {
        ["Acceptance/DirectVisit.cs"] = "the customer's own people see each of its partners",
        ["Background/Mails/MailRound.cs"] = "whose mails come next, of every partner",
        ["Background/Renewals.cs"] = "what is due, of every partner",
        ["Background/ScheduledMigrations.cs"] = "what is due, of every partner",
        ["Background/StandingFeed.cs"] = "the cache holds every standing",
        ["Hosting/Identity/PartnerDirectory.cs"] = "who is a partner",
        ["Hosting/PartnerAdministration.cs"] = "the list of partners",
        ["Operations/ClaimMails.cs"] = "gives back what a process that was killed had claimed, whosever it is",
        ["Operations/EmptySandbox.cs"] = "removes everything",
        ["Operations/ForgetOldRequests.cs"] = "old request ids of every partner",
        ["Operations/RemoveCustomer.cs"] = "a domain is free once no partner has an account",
        ["Operations/Sequencing/LedgerCheck.cs"] = "every record must have its entry, whosever it is",
        ["Sandbox/Seed.cs"] = "a direct acceptance counts for every partner of the customer",
        ["Storage/Database.cs"] = "defines it",
    };

    [Fact]
    public void ServerSources_ScopeOfEverything_StandsInListedFilesOnly()
    {
        const string server = "src/Concordat.Server/";
        var files = SourceTree.Files(".cs", server)
            .Where(file => Wide().IsMatch(CSharpText.WithoutLiterals(file.Text)))
            .Select(file => file.Path[server.Length..]).Order(StringComparer.Ordinal);

        Assert.Equal(MaySeeEverything.Keys.Order(StringComparer.Ordinal), files);
    }

    [Theory]
    [InlineData("await parts.Database.ReadEverythingAsync(PartnerRows.AllAsync)", true)]
    [InlineData("public override PartnerScope Scope => PartnerScope.Everything;", true)]
    [InlineData("public PartnerScope Scope { get; } = Storage.PartnerScope.Everything;", true)]
    [InlineData("await call.ReadAsync(tx => OrderRows.FindAsync(tx))", false)]
    [InlineData("tx.TouchEverything();", false)]
    public void Wide_Source_Recognised(string source, bool wide) => Assert.Equal(wide, Wide().IsMatch(source));

    [GeneratedRegex(@"\b(ReadEverythingAsync|PartnerScope\.Everything)\b")]
    private static partial Regex Wide();
}
