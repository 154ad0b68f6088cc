using System.Globalization;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Fields;
using Concordat.Core.Policy;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Operations;
using Concordat.Server.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace Concordat.Bench.Engine;

/// <summary>
/// The many customers of a measurement. They belong to the first seeded partner and are numbered from 0;
/// bench/lua/call.lua makes the same ids.
/// </summary>
internal static class Crowd
{
    /// <summary>When every filled confirmation was given: after the cut-off date, so it is current.</summary>
    public static readonly DateTimeOffset DateAgreed = new(2025, 6, 1, 0, 0, 0, TimeSpan.Zero);

    public static SeedPartner Partner => SeedPlan.Partners[0];

    /// <summary>The standing after one confirmation at <see cref="DateAgreed"/>.</summary>
    public static Standing Attested => StandingFold.Of(
        [
            new AgreementFact(new FactId(Guid.Empty), FactKind.Confirmed, AgreementType.MicrosoftCustomerAgreement, DateAgreed)
            {
                DateAgreed = DateAgreed,
                Version = AgreementVersions.BuiltIn.InForceAt(AgreementType.MicrosoftCustomerAgreement, DateAgreed),
                Contact = new SubjectId(Guid.Empty),
            },
        ], nationalCloud: false, CutOffDate.DateAgreed);

    public static CustomerId IdOf(long number) =>
        new(Guid.ParseExact(string.Create(CultureInfo.InvariantCulture, $"c0c0c0c0-0000-7000-8000-{number:x12}"), "D"));

    /// <summary>Opens the product on the directory that the command line names, seeded.</summary>
    public static async Task<Parts> OpenAsync(Arguments arguments)
    {
        var options = new ServerOptions("sandbox", 0, arguments.Text("--data")!, arguments.Text("--postgres"), Fresh: false);
        var parts = await Parts.OpenAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
        await new Seed(parts.Context, parts.Directory).RunAsync();
        return parts;
    }

    /// <summary>The admin agent of the partner.</summary>
    public static Actor ActorOf(Parts parts) => new(
        parts.Directory.Find(Partner.Id)!, SeedPlan.PersonOf(Partner, "admin", Roles.AdminAgent).Oid, SeedPlan.AppOf(Partner).AppId,
        null, "bench");

    /// <summary>A confirmation by the product's own operation, with everything that belongs to it.</summary>
    public static Task<Outcome<ConfirmedAgreement>> ConfirmAsync(Parts parts, Actor actor, long number)
    {
        var contact = new Contact(
            "Robin", "Hartley", string.Create(CultureInfo.InvariantCulture, $"signer{number:x12}@customer.example"), "0355550100");
        var said = new Confirmation(AgreementType.MicrosoftCustomerAgreement, contact, DateAgreed, "partner-legacy", Channel.Api);
        var request = string.Create(CultureInfo.InvariantCulture, $"0f111ed0-0000-4000-8000-{number:x12}");
        var key = RequestKey.Of(Partner.Id, "POST", $"/v1/customers/{IdOf(number)}/agreements", request, "{}"u8);
        return parts.Context.Loop.RunAsync(new ConfirmAcceptance(parts.Context, actor, IdOf(number), key, said));
    }
}
