using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Commerce;
using Concordat.Core.Fields;
using Concordat.Core.Policy;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Sandbox;

/// <summary>
/// Fills an empty sandbox. History is made by the same operations that clients cause, with the policy clock set to the day
/// it happened: what the sandbox shows could have come about.
/// </summary>
internal sealed class Seed(OperationContext context, PartnerDirectory directory, string? shop = null)
{
    private static readonly DateTimeOffset FirstOrder = At(2018, 3, 1);
    private static readonly DateTimeOffset CloudConfirmed = At(2019, 5, 20);
    private static readonly DateTimeOffset StaleAttested = At(2022, 6, 15);
    private static readonly DateTimeOffset DirectAccepted = At(2024, 2, 9);
    private static readonly DateTimeOffset CurrentAttested = At(2024, 9, 2);
    private static readonly DateTimeOffset Refused = At(2025, 3, 3);

    private const string Progress = "sandbox seed";

    /// <summary>Seeds unless there are partners already; a seed that was cut off in the middle is made anew.</summary>
    public async Task RunAsync()
    {
        await FillAsync();
        if (shop is not null)
        {
            await AdmitShopAsync(shop);
        }
    }

    private async Task FillAsync()
    {
        if (await context.Database.ReadSharedAsync(tx => SettingRows.FindAsync(tx, Progress)) == "begun")
        {
            _ = (await context.Loop.RunAsync(new EmptySandbox())).Value;
        }

        await directory.RefreshAsync();
        if (directory.All.Any())
        {
            return;
        }

        await AddPartnersAsync();
        var seen = new HashSet<CustomerId>();
        foreach (var customer in SeedPlan.Customers)
        {
            await AddCustomerAsync(customer, isNew: seen.Add(customer.Id));
            await MakeHistoryAsync(customer);
        }

        foreach (var environment in Enum.GetValues<PartnerEnvironment>())
        {
            context.Clocks.Policy(environment).Offset = TimeSpan.Zero;
        }

        await SeedAttestations.AddAsync(context, ActorOf(SeedPlan.Customers[0]));
        // The seeded history lies years back: its notices are no news to anybody.
        _ = (await context.Loop.RunAsync(new CancelEveryMail(context))).Value;
        _ = (await context.Loop.RunAsync(new SaveDirectory([], [], [(Progress, "done")]))).Value;
    }

    /// <summary>Lets every partner embed the acceptance page in the shop that runs beside the sandbox, wherever it listens this time.</summary>
    private async Task AdmitShopAsync(string origin)
    {
        var rows = await context.Database.ReadEverythingAsync(PartnerRows.AllAsync);
        var changed = rows.Where(row => !row.EmbeddingOrigins.Split(' ').Contains(origin))
            .Select(row => row with { EmbeddingOrigins = $"{row.EmbeddingOrigins} {origin}".Trim() }).ToArray();
        if (changed.Length > 0)
        {
            _ = (await context.Loop.RunAsync(new SaveDirectory(changed, [], []))).Value;
            await directory.RefreshAsync();
        }
    }

    private async Task AddPartnersAsync()
    {
        var partners = SeedPlan.Partners.Select(partner => new PartnerRow(
            partner.Id, partner.Kind, partner.Name, partner.Domain, partner.Country, partner.Environment, partner.MpnId,
            partner.Provider is { } provider ? new PartnerId(SeedIds.Of("partner", provider)) : null,
            MpaSigned: true, Active: true, SwitchProfiles.Default, """{"throttling":"false"}""")).ToArray();
        var people = SeedPlan.Directory.Tenants.Except(SeedPlan.CustomerTenants).SelectMany(tenant => tenant.People.Select(person =>
            new PersonRow(new PartnerId(tenant.Id), person.Oid, (long)person.Roles, Active: true))).ToArray();
        _ = (await context.Loop.RunAsync(new SaveDirectory(partners, people,
        [
            (Progress, "begun"), .. SeedPlan.Partners.Where(partner => partner.Kind != "indirect-reseller")
                .Select(partner => (PartnerAlerts.SettingOf(partner.Id), $"agreements@{partner.Domain}")),
        ]))).Value;
        await directory.RefreshAsync();
    }

    private async Task AddCustomerAsync(SeedCustomer customer, bool isNew)
    {
        var actor = ActorOf(customer);
        Travel(actor, FirstOrder);
        var (first, last) = NamesOf(customer);
        var profile = new BillingProfile(
            first, last, $"billing@{customer.Key}.example", customer.Language == "ja" ? "ja-JP" : "en-US", customer.Language, customer.Name,
            new PostalAddress
            {
                Country = customer.Country,
                City = customer.Country == "JP" ? "港区" : "Springfield",
                State = customer.Country == "US" ? "WA" : null,
                AddressLine1 = "1-2-3",
                PostalCode = customer.Country switch { "JP" => "105-0001", "GB" => "SW1A 1AA", _ => "98052" },
                FirstName = first,
                LastName = last,
            });
        var reseller = customer.Reseller is { } key ? new PartnerId(SeedIds.Of("partner", key)) : (PartnerId?)null;
        var added = new NewCustomer(customer.Id, customer.Domain, customer.Name, profile, "reseller", reseller,
            customer.Scenario == "national-cloud" ? "us-government" : "public");
        _ = isNew
            ? (await context.Loop.RunAsync(new AddCustomer(context, actor, null, added))).Value
            : (await context.Loop.RunAsync(new LinkCustomer(context, actor, customer.Id, added))).Value;

        // Bought before any confirmation was asked for, so every scenario has something to change.
        var line = new OrderedLine(0, "CFQ7TTC0LH18:0001:CFQ7TTC0K971", 10, null, "P1Y", null);
        _ = (await context.Loop.RunAsync(new PlaceOrder(context, actor, customer.Id, null, "annual", "USD", [line]))).Value;
    }

    private async Task MakeHistoryAsync(SeedCustomer customer)
    {
        switch (customer.Scenario)
        {
            case "cloud-agreement-only":
                await ConfirmAsync(customer, AgreementType.MicrosoftCloudAgreement, CloudConfirmed);
                break;
            case "attested-stale":
                await ConfirmAsync(customer, AgreementType.MicrosoftCustomerAgreement, StaleAttested);
                break;
            case "attested-current":
            case "two-partners" when customer.Partner == "aozora":
                await ConfirmAsync(customer, AgreementType.MicrosoftCustomerAgreement, CurrentAttested);
                break;
            case "direct":
                await AcceptAsync(customer);
                break;
            case "direct-and-attested":
                await ConfirmAsync(customer, AgreementType.MicrosoftCustomerAgreement, StaleAttested);
                await AcceptAsync(customer);
                break;
            case "refused":
                var actor = ActorOf(customer);
                Travel(actor, Refused);
                _ = (await context.Loop.RunAsync(new RecordRefusal(context, actor, customer.Id))).Value;
                break;
        }
    }

    private async Task ConfirmAsync(SeedCustomer customer, AgreementType type, DateTimeOffset at)
    {
        var actor = ActorOf(customer);
        Travel(actor, at);
        var (first, last) = NamesOf(customer);
        var contact = new Contact(first, last, $"{customer.Key}.signatory@{customer.Key}.example", "0355550100");
        var said = new Confirmation(type, contact, at, "partner-legacy", Channel.Api);
        _ = (await context.Loop.RunAsync(new ConfirmAcceptance(context, actor, customer.Id, null, said))).Value;
    }

    private async Task AcceptAsync(SeedCustomer customer)
    {
        var actor = ActorOf(customer);
        Travel(actor, DirectAccepted);
        var partners = await context.Database.ReadEverythingAsync(tx => CustomerRows.PartnersOfAsync(tx, customer.Id));
        _ = (await context.Loop.RunAsync(new AcceptDirectly(context, actor.Partner.Environment, customer.Id, [.. partners.Select(partner => directory.Find(partner)!)]))).Value;
    }

    private Actor ActorOf(SeedCustomer customer)
    {
        var partner = SeedPlan.Partners.First(known => known.Key == customer.Partner);
        var person = SeedPlan.PersonOf(partner, "admin", Roles.AdminAgent);
        return new Actor(directory.Find(partner.Id)!, person.Oid, SeedPlan.AppOf(partner).AppId, null, "seed");
    }

    private void Travel(Actor actor, DateTimeOffset to) =>
        context.Clocks.Policy(actor.Partner.Environment).Offset = to - context.Clocks.Wall.GetUtcNow();

    private static (string First, string Last) NamesOf(SeedCustomer customer) =>
        customer.Language == "ja" ? ("花子", "佐藤") : ("Robin", "Hartley");

    private static DateTimeOffset At(int year, int month, int day) => new(year, month, day, 3, 0, 0, TimeSpan.Zero);
}
