using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Server.Operations;
using Concordat.Server.Storage;

namespace Concordat.Server.Tests.PartnerCenter;

public sealed class EnhancedAttestationTests(Servers servers)
{
    private const string Path = FreshAttestations.Path;

    private static Task<Answer> FinaliseAsync(TestServer server, CustomerId customer, AttestationId id, string caller = "app", string partner = "aozora") =>
        server.SendAsync("POST", $"/v1/customers/{customer}/agreements", $$"""{"attestationId":"{{id}}"}""", partner, caller);

    private static async Task<string> StatusAsync(TestServer server, AttestationId id) =>
        (await server.SendAsync("GET", $"{Path}/{id}", who: "app")).Json["status"]!.GetValue<string>();

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Flow_CreateAnswerFinalise_OpensTheGateWithTheTimeOfTheAnswer(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        var opened = await FreshAttestations.CreateAsync(server);
        var early = await FinaliseAsync(server, customer, opened.Attestation.Id);
        var answered = (await FreshAttestations.AnswerAsync(server, opened, true)).Value;
        var clock = server.Parts.Context.Clocks.Policy(FreshAttestations.PartnerOf(server).Environment);
        clock.Offset += TimeSpan.FromDays(30);

        var finalised = await FinaliseAsync(server, customer, opened.Attestation.Id);
        var again = await FinaliseAsync(server, customer, opened.Attestation.Id);
        var order = await server.SendAsync("POST", $"/v1/customers/{customer}/orders", TestServer.Order());

        Assert.Equal(409, early.Status);
        Assert.Equal(201, finalised.Status);
        Assert.Equal(answered.Attestation.EndedAt, finalised.Json["dateAgreed"]!.GetValue<DateTimeOffset>());
        Assert.Equal("Mika", finalised.Json["primaryContact"]!["firstName"]!.GetValue<string>());
        Assert.Equal(409, again.Status);
        Assert.Equal(201, order.Status);
        Assert.Equal("finalised", await StatusAsync(server, opened.Attestation.Id));
        var facts = await server.Parts.Database.ReadAsync(FreshAttestations.PartnerOf(server).Id, tx => FactRows.OfAsync(tx, FreshAttestations.PartnerOf(server).Id, customer));
        Assert.True(Assert.Single(facts).Fact.VersionShown);
        Assert.Equal(facts[0].Fact.RecordedAt, facts[0].Fact.DateAgreed.AddDays(30), TimeSpan.FromMinutes(5));
        var mails = await server.Parts.Database.ReadAsync(FreshAttestations.PartnerOf(server).Id, tx => OutboxRows.OfReferenceAsync(tx, FreshAttestations.PartnerOf(server).Id, facts[0].Fact.Id.Value));
        Assert.Equal("notice", Assert.Single(mails).Kind);
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Finalise_OfAnotherCustomerOrPartner_IsRefusedAndRecorded(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (mine, other) = (await FreshCustomers.AddAsync(server, "never"), await FreshCustomers.AddAsync(server, "never"));
        var foreign = await FreshCustomers.AddAsync(server, "never", "harbor");
        var opened = await FreshAttestations.CreateAsync(server, mine);
        _ = (await FreshAttestations.AnswerAsync(server, opened, true)).Value;

        var wrong = await FinaliseAsync(server, other, opened.Attestation.Id);
        var stranger = await FinaliseAsync(server, foreign, opened.Attestation.Id, partner: "harbor");
        var read = await server.SendAsync("GET", $"{Path}/{opened.Attestation.Id}", partner: "harbor", who: "app");
        var cancelled = await server.SendAsync("DELETE", $"{Path}/{opened.Attestation.Id}", partner: "harbor", who: "app");
        await server.Parts.Audits.FlushAsync();

        Assert.Equal((409, 404, 404, 404), (wrong.Status, stranger.Status, read.Status, cancelled.Status));
        var audits = await server.Parts.Database.ReadEverythingAsync(tx => tx.ManyAsync(
            "SELECT status FROM audit WHERE operation = 'finalise_attestation'", row => row.Text(0)));
        Assert.Equal(["failed", "failed"], audits);
        Assert.Equal(201, (await FinaliseAsync(server, mine, opened.Attestation.Id)).Status);
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Race_64Answers64Finalises_OneOfEach(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        var opened = await FreshAttestations.CreateAsync(server);

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => FreshAttestations.AnswerAsync(server, opened, i % 2 == 0 || i > 32)));
        var accepted = await StatusAsync(server, opened.Attestation.Id) == "accepted";
        var finals = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => FinaliseAsync(server, customer, opened.Attestation.Id)));

        Assert.Single(answers, answer => answer.Problem is null && answer.Value.First);
        Assert.All(answers, answer => Assert.True(answer.Problem is { Code: ProblemCode.AttestationState }
            || answer.Value.Attestation.State == (accepted ? AttestationState.Accepted : AttestationState.Declined)));
        Assert.Equal(accepted ? 1 : 0, finals.Count(answer => answer.Status == 201));
        Assert.All(finals, answer => Assert.Contains(answer.Status, (int[])[201, 409]));
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Answer_ChangedTextOrScreen_IsRefusedAndChangesNothing(string engine)
    {
        var server = await servers.GetAsync(engine);
        var opened = await FreshAttestations.CreateAsync(server);
        var good = FreshAttestations.Shown(server, opened);
        Presentation[] changed =
        [
            good with { TextSha256 = new string('0', 64) }, good with { StatementSha256 = new string('0', 64) },
            good with { ButtonSha256 = new string('0', 64) }, good with { ScreenSha256 = new string('0', 64) }, good with { Build = "other" },
        ];

        foreach (var shown in changed)
        {
            Assert.Equal(ProblemCode.PresentationChanged, (await FreshAttestations.AnswerAsync(server, opened, true, claim => claim with { Shown = shown })).Problem!.Code);
        }

        var both = good with { TextSha256 = new string('0', 64) };
        Assert.Equal(ProblemCode.PresentationChanged, (await FreshAttestations.AnswerAsync(server, opened, true, claim => claim with { Shown = both, Current = both })).Problem!.Code);
        Assert.Equal("pending", await StatusAsync(server, opened.Attestation.Id));
        Assert.Equal(204, (await server.SendAsync("DELETE", $"{Path}/{opened.Attestation.Id}", who: "app")).Status);
        Assert.Equal("cancelled", await StatusAsync(server, opened.Attestation.Id));
        Assert.Equal(ProblemCode.AttestationState, (await FreshAttestations.AnswerAsync(server, opened, true)).Problem!.Code);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Decline_NamedOrLinkedLater_MarksTheCustomerRefusedAndAlerts(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var (named, later) = (await FreshCustomers.AddAsync(server, "never"), await FreshCustomers.AddAsync(server, "never"));
        var (first, second) = (await FreshAttestations.CreateAsync(server, named), await FreshAttestations.CreateAsync(server));

        _ = (await FreshAttestations.AnswerAsync(server, first, false, claim => claim with { Reason = "Not our terms" })).Value;
        _ = (await FreshAttestations.AnswerAsync(server, second, false)).Value;
        var linked = await server.SendAsync("POST", $"/api/attestations/{second.Attestation.Id}/customer", $$"""{"customerTenantId":"{{later}}"}""");

        Assert.Equal(204, linked.Status);
        var partner = FreshAttestations.PartnerOf(server).Id;
        foreach (var (customer, opened) in new[] { (named, first), (later, second) })
        {
            var row = await server.Parts.Database.ReadAsync(partner, tx => StandingRows.FindAsync(tx, partner, customer));
            Assert.Equal("refused", row!.Standing.Word);
            var mails = await server.Parts.Database.ReadAsync(partner, tx => OutboxRows.OfReferenceAsync(tx, partner, opened.Attestation.Id.Value));
            Assert.Equal("alert", Assert.Single(mails).Kind);
        }

        var list = await server.SendAsync("GET", "/api/attestations?state=declined", who: "app");
        Assert.Equal([second.Attestation.Id.Value, first.Attestation.Id.Value],
            list.Json["items"]!.AsArray().Select(item => item!["attestationId"]!.GetValue<Guid>()).OrderBy(id => id == first.Attestation.Id.Value));
        Assert.Contains("Not our terms", list.Body, StringComparison.Ordinal);
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Code_WrongFiveTimesThenRight_NeedsANewOneAndProvesTheMailbox(string engine)
    {
        var time = new MovingTime();
        await using var server = await TestServer.StartAsync(engine, time);
        var (context, partner) = (server.Parts.Context, FreshAttestations.PartnerOf(server));
        var opened = await FreshAttestations.CreateAsync(server, minimum: "mailbox");
        var id = opened.Attestation.Id;
        Task<Outcome<CheckedCode>> Enter(string code) => context.Loop.RunAsync(new CheckAttestationCode(context, partner, id, code));
        async Task<string> SentAsync()
        {
            var row = await context.Database.ReadAsync(partner.Id, tx => AttestationCodeRows.FindAsync(tx, partner.Id, id));
            return Attestations.OpenText(context.Vault.Unwrap(partner.Id, opened.Row.Subject!.WrappedKey), row!.Code);
        }

        Assert.Equal(ProblemCode.AssuranceTooLow, (await FreshAttestations.AnswerAsync(server, opened, true)).Problem!.Code);
        _ = (await context.Loop.RunAsync(new SendAttestationCode(context, partner, id))).Value;
        Assert.Equal(ProblemCode.TooManyRequests, (await context.Loop.RunAsync(new SendAttestationCode(context, partner, id))).Problem!.Code);
        var first = await SentAsync();
        Assert.Matches("^[0-9]{6}$", first);
        for (var left = SendAttestationCode.Tries - 1; left >= 0; left--)
        {
            Assert.Equal(new CheckedCode(null, left), (await Enter(first == "000000" ? "000001" : "000000")).Value);
        }

        Assert.Null((await Enter(first)).Value.Proof);
        time.Ahead = SendAttestationCode.Pause;
        _ = (await context.Loop.RunAsync(new SendAttestationCode(context, partner, id))).Value;
        var second = await SentAsync();
        time.Ahead += SendAttestationCode.Lifetime;
        Assert.Null((await Enter(second)).Value.Proof);
        _ = (await context.Loop.RunAsync(new SendAttestationCode(context, partner, id))).Value;
        var proof = (await Enter(await SentAsync())).Value.Proof;
        Assert.NotNull(proof);
        Assert.Equal(ProblemCode.AssuranceTooLow, (await FreshAttestations.AnswerAsync(server, opened, true, claim => claim with { MailboxProof = "other" })).Problem!.Code);
        Assert.Equal(Assurance.Mailbox, (await FreshAttestations.AnswerAsync(server, opened, true, claim => claim with { MailboxProof = proof })).Value.Answer.Assurance);
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Expiry_ByThePolicyClock_EndsAPendingOneAndNotAnAcceptedOne(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        var (pending, accepted) = (await FreshAttestations.CreateAsync(server), await FreshAttestations.CreateAsync(server));
        _ = (await FreshAttestations.AnswerAsync(server, accepted, true)).Value;
        server.Parts.Context.Clocks.Policy(FreshAttestations.PartnerOf(server).Environment).Offset += TimeSpan.FromDays(7);

        Assert.Equal("expired", await StatusAsync(server, pending.Attestation.Id));
        Assert.Equal(ProblemCode.AttestationState, (await FreshAttestations.AnswerAsync(server, pending, true)).Problem!.Code);
        Assert.Equal(409, (await FinaliseAsync(server, customer, pending.Attestation.Id)).Status);
        Assert.Equal(201, (await FinaliseAsync(server, customer, accepted.Attestation.Id)).Status);
        var expired = await server.SendAsync("GET", "/api/attestations?state=expired", who: "app");
        Assert.Contains(pending.Attestation.Id.ToString(), expired.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(accepted.Attestation.Id.ToString(), expired.Body, StringComparison.Ordinal);
        await Invariants.CheckAsync(server.Parts);
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Tokens_OfTheOtherKind_AreRefused(string engine)
    {
        var server = await servers.GetAsync(engine);
        var opened = await FreshAttestations.CreateAsync(server);
        var customer = TestServer.Customer("never");

        var asUser = await server.SendAsync("POST", Path, FreshAttestations.Body());
        var read = await server.SendAsync("GET", $"{Path}/{opened.Attestation.Id}");
        var finalise = await FinaliseAsync(server, customer, opened.Attestation.Id, "admin");
        var legacy = await server.SendAsync("POST", $"/v1/customers/{customer}/agreements", server.Confirmation(), who: "app");

        Assert.Equal((403, 900308), (asUser.Status, asUser.Code));
        Assert.Equal((403, 900308), (read.Status, read.Code));
        Assert.Equal((403, 900308), (finalise.Status, finalise.Code));
        Assert.Equal((403, 900329), (legacy.Status, legacy.Code));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Create_SameRequestIdOrSameSignatory_AnswersAgainOrIs600061(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var customer = await FreshCustomers.AddAsync(server, "never");
        var request = ("MS-RequestId", "0a1b2c3d-5c0b-4f0e-a0b3-2f2f6b7a6a10");
        var first = await server.SendAsync("POST", Path, FreshAttestations.Body(customer: customer), who: "app", headers: request);
        var again = await server.SendAsync("POST", Path, FreshAttestations.Body(customer: customer), who: "app", headers: request);
        var opened = await FreshAttestations.CreateAsync(server, customer);
        var twin = await FreshAttestations.CreateAsync(server);
        _ = (await FreshAttestations.AnswerAsync(server, opened, true)).Value;
        _ = (await FreshAttestations.AnswerAsync(server, twin, true)).Value;

        Assert.Equal((201, first.Body), (again.Status, again.Body));
        Assert.Equal(201, (await FinaliseAsync(server, customer, opened.Attestation.Id)).Status);
        var duplicate = await server.SendAsync("POST", Path, FreshAttestations.Body(customer: customer), who: "app");
        var late = await FinaliseAsync(server, customer, twin.Attestation.Id);
        Assert.Equal((409, 600061), (duplicate.Status, duplicate.Code));
        Assert.Equal((409, 600061), (late.Status, late.Code));
        await Invariants.CheckAsync(server.Parts);
    }

    private sealed class MovingTime : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}
