using Concordat.Core.Agreements;

namespace Concordat.Core.Tests.Agreements;

public sealed class EnhancedAttestationTests
{
    private static readonly DateTimeOffset Created = new(2025, 11, 3, 4, 5, 6, TimeSpan.Zero);
    private static readonly DateTimeOffset Expires = Created.AddDays(7);
    private static readonly CustomerId Contoso = new(Guid.Parse("11111111-1111-4111-8111-111111111111"));
    private static readonly CustomerId Fabrikam = new(Guid.Parse("22222222-2222-4222-8222-222222222222"));

    private static EnhancedAttestation In(AttestationState state, CustomerId? customer = null, Assurance minimum = Assurance.Link) =>
        new(new AttestationId(Guid.Parse("33333333-3333-4333-8333-333333333333")), state, "JP", "ja-JP", customer, minimum, Created, Expires);

    public static TheoryData<AttestationState, string, bool> Steps
    {
        get
        {
            var data = new TheoryData<AttestationState, string, bool>();
            foreach (var state in Enum.GetValues<AttestationState>().Where(state => state != AttestationState.Expired))
            {
                data.Add(state, "accept", state == AttestationState.Pending);
                data.Add(state, "decline", state == AttestationState.Pending);
                data.Add(state, "cancel", state is AttestationState.Pending or AttestationState.Cancelled);
                data.Add(state, "finalise", state == AttestationState.Accepted);
                data.Add(state, "link", state == AttestationState.Declined);
            }

            return data;
        }
    }

    private static Outcome<EnhancedAttestation> Take(EnhancedAttestation attestation, string step, DateTimeOffset now) => step switch
    {
        "accept" => attestation.Answer(true, Assurance.Link, Assurance.Link, now),
        "decline" => attestation.Answer(false, Assurance.Link, Assurance.Link, now),
        "cancel" => attestation.Cancel(now),
        "finalise" => attestation.Finalise(Contoso, now),
        _ => attestation.Link(Contoso, now),
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public void Step_InEachState_IsTakenOrRefusedWithTheReason(AttestationState state, string step, bool taken)
    {
        var outcome = Take(In(state), step, Created.AddHours(1));

        Assert.Equal(taken, outcome.Problem is null);
        if (outcome.Problem is { } problem)
        {
            Assert.Equal(ProblemCode.AttestationState, problem.Code);
            Assert.Contains(state.ToString(), problem.Message, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData(-1, AttestationState.Pending)]
    [InlineData(0, AttestationState.Expired)]
    [InlineData(1, AttestationState.Expired)]
    public void StateAt_AroundTheExpiry_IsExpiredFromThatInstantOn(int milliseconds, AttestationState expected)
    {
        var now = Expires.AddMilliseconds(milliseconds);

        Assert.Equal(expected, In(AttestationState.Pending).StateAt(now));
        Assert.All((string[])["accept", "decline", "cancel"], step =>
            Assert.Equal(expected == AttestationState.Expired, Take(In(AttestationState.Pending), step, now).Problem is not null));
    }

    [Fact]
    public void Finalise_AcceptedLongAgo_StillWorks()
    {
        var finalised = In(AttestationState.Accepted).Finalise(Contoso, Expires.AddYears(3)).Value;

        Assert.Equal(AttestationState.Finalised, finalised.State);
        Assert.Equal(Contoso, finalised.Customer);
        Assert.Equal(ProblemCode.AttestationState, finalised.Finalise(Contoso, Expires.AddYears(3)).Problem!.Code);
    }

    [Fact]
    public void FinaliseAndLink_OfAnotherCustomer_AreRefused()
    {
        Assert.Equal(ProblemCode.AttestationOfAnother, In(AttestationState.Accepted, Contoso).Finalise(Fabrikam, Created).Problem!.Code);
        Assert.Equal(ProblemCode.AttestationOfAnother, In(AttestationState.Declined, Contoso).Link(Fabrikam, Created).Problem!.Code);
    }

    [Fact]
    public void Answer_BelowTheStricterOfBothMinima_IsRefused()
    {
        foreach (var own in Enum.GetValues<Assurance>())
            foreach (var required in Enum.GetValues<Assurance>())
                foreach (var reached in Enum.GetValues<Assurance>())
                {
                    var problem = In(AttestationState.Pending, null, own).Answer(true, reached, required, Created).Problem;
                    Assert.Equal(reached >= own && reached >= required, problem is null);
                    Assert.True(problem is null or { Code: ProblemCode.AssuranceTooLow });
                }
    }

    /// <summary>However steps and times are mixed: one end at most, never left again, and the times stay where they were put.</summary>
    [Fact]
    public void Steps_InAnyOrder_EndAtMostOnce()
    {
        string[] steps = ["accept", "decline", "cancel", "finalise", "link"];
        var random = new Random(20251103);
        for (var run = 0; run < 5_000; run++)
        {
            var attestation = In(AttestationState.Pending);
            var now = Created;
            for (var i = 0; i < 8; i++)
            {
                now = now.AddHours(random.Next(0, 60));
                var before = attestation;
                if (!Take(attestation, steps[random.Next(steps.Length)], now).TryGetValue(out var after, out _)) continue;
                attestation = after;
                if (before.EndedAt is not null) Assert.Equal(before.EndedAt, after.EndedAt);
                if (before.State is AttestationState.Cancelled or AttestationState.Declined or AttestationState.Finalised) Assert.Equal(before.State, after.State);
                if (before.State == AttestationState.Accepted) Assert.Equal(AttestationState.Finalised, after.State);
                if (after.State != AttestationState.Pending) Assert.True(after.EndedAt < Expires);
            }
        }
    }

    [Fact]
    public void TextAt_LanguageThatTheCountryDoesNotOffer_IsEnglish()
    {
        Assert.Equal("ja-JP", In(AttestationState.Pending).TextAt(Created).File.Language);
        Assert.Equal("en-US", (In(AttestationState.Pending) with { Country = "DE" }).TextAt(Created).File.Language);
        Assert.Equal(2, In(AttestationState.Pending).TextAt(Created).File.Version);
    }
}
