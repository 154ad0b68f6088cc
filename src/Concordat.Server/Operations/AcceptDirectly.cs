using System.Text;
using Concordat.Core;
using Concordat.Core.Agreements;
using Concordat.Core.Agreements.Texts;
using Concordat.Core.Ledger;
using Concordat.Core.Policy;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>The customer's person who accepts, as their own directory signed them in.</summary>
/// <param name="Person">Object id.</param>
/// <param name="Role">As the record spells it: <c>globalAdministrator</c>, <c>billingOwner</c>.</param>
/// <param name="SecondFactor">They used one.</param>
/// <param name="AuthenticatedAt">Wall clock; null when the issuer did not say.</param>
internal sealed record DirectSigner(Guid Person, string Role, bool SecondFactor, DateTimeOffset? AuthenticatedAt)
{
    /// <summary>The network address of the answer.</summary>
    public string? Address { get; init; }

    /// <summary>The browser as it names itself.</summary>
    public string? UserAgent { get; init; }
}

/// <summary>What the page says about a direct acceptance.</summary>
/// <param name="Text">What it shows now.</param>
/// <param name="Shown">Its digests, equal to what the form carried back.</param>
/// <param name="Salt">Salts the digests of the words around the text.</param>
/// <param name="Signer">Who accepts.</param>
internal sealed record DirectClaim(AgreementText Text, Presentation Shown, string Salt, DirectSigner Signer);

/// <summary>A direct acceptance on record; <c>First</c> is false when it was there before and nothing changed.</summary>
internal sealed record DirectlyAccepted(DirectAcceptanceRow Acceptance, bool First);

/// <summary>
/// Records that a customer accepted the Microsoft Customer Agreement itself: counts for every partner, never goes stale,
/// and answers an earlier refusal. <paramref name="partners"/> are all that have an account of the customer. Once the version in
/// force is accepted, accepting it again changes nothing. Without a claim nothing was shown here: it was accepted elsewhere.
/// </summary>
internal sealed class AcceptDirectly(
    OperationContext context, PartnerEnvironment environment, CustomerId customer, IReadOnlyList<Partner> partners, DirectClaim? claim = null)
    : Operation<DirectlyAccepted>
{
    private const int LongestUserAgent = 512;

    private readonly DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(context.PolicyNow(environment).ToUnixTimeMilliseconds());

    /// <summary>Every partner's standing changes with it, so every one is locked.</summary>
    public override IReadOnlyList<long> Keys { get; } = [LockKeys.OfCustomer(customer), .. partners.Select(partner => LockKeys.Of(partner.Id, customer))];

    public override PartnerScope Scope { get; } = PartnerScope.Of(partners.Select(partner => partner.Id));

    /// <summary>True when one of the partners keeps its attested customers from accepting directly.</summary>
    public static bool IsDeadEnd(Partner partner, StandingRow row) => partner.Switches.DirectAcceptanceDeadEnd && row.Standing.Attested;

    protected override async ValueTask<Outcome<DirectlyAccepted>> DecideAsync(Tx tx)
    {
        var version = AgreementVersions.BuiltIn.InForceAt(AgreementType.MicrosoftCustomerAgreement, now);
        var latest = await DirectAcceptanceRows.LatestAsync(tx, customer);
        if (latest is not null && latest.Version >= version)
        {
            return new DirectlyAccepted(latest, First: false);
        }

        var linked = new List<Partner>();
        foreach (var partner in partners)
        {
            // An account that was removed since is no longer concerned.
            if (await StandingRows.FindAsync(tx, partner.Id, customer) is not { } row)
            {
                continue;
            }

            if (claim is not null && Refusal(partner, row) is { } refused)
            {
                return refused;
            }

            linked.Add(partner);
        }

        if (claim is not null && claim.Text.File.Version != version)
        {
            return new Problem(ProblemCode.PresentationChanged, "Another version of the agreement came into force.");
        }

        return new DirectlyAccepted(await WriteAsync(tx, version, (latest?.No ?? 0) + 1, linked), First: true);
    }

    private static Problem? Refusal(Partner partner, StandingRow row) =>
        row.Standing.Has(StandingFlags.NationalCloud)
            ? new Problem(ProblemCode.NationalCloud, "The customer is in a national cloud, where there is nothing to accept.")
        : IsDeadEnd(partner, row)
            ? new Problem(ProblemCode.NotPermitted, "The partner has confirmed the agreement for this customer already; the customer has to turn to the partner.")
        : null;

    private async ValueTask<DirectAcceptanceRow> WriteAsync(Tx tx, byte version, long no, List<Partner> linked)
    {
        var open = Evidence.Salted(context,
            ("customer", customer.ToString()), ("role", claim?.Signer.Role), ("screenSalt", claim?.Salt));
        var personal = claim is null ? [] : Evidence.Salted(context, FieldsOf(claim.Signer));
        var entry = EntryOf(version, [.. open, .. personal]);
        var bytes = entry.ToBytes();
        var row = new DirectAcceptanceRow(no, version, now, entry.Id, Lines(open))
        {
            Signer = claim is null ? null : context.Ids.NewId(),
            Role = claim?.Signer.Role,
            Country = claim?.Text.File.Country,
            Language = claim?.Text.File.Language,
            TextSha256 = claim?.Text.Sha256.ToArray(),
        };
        await LedgerRows.AddAsync(tx, entry.Id, bytes, LeafHash.Of(bytes));
        await DirectAcceptanceRows.AddAsync(tx, customer, row);
        if (row.Signer is { } signer)
        {
            var (key, wrapped) = context.Vault.NewKey(DirectSigners.VaultOf(customer));
            await DirectAcceptanceRows.AddSignerAsync(tx, customer, signer, wrapped, context.Vault.Seal(key, Encoding.ASCII.GetBytes(Lines(personal))), now);
        }

        foreach (var partner in linked)
        {
            await Standings.RefoldAsync(tx, context, partner, customer);
        }

        return row;
    }

    private LedgerEntry EntryOf(byte version, IReadOnlyList<Disclosure> disclosures)
    {
        var agreement = Evidence.Reference(AgreementType.MicrosoftCustomerAgreement, version);
        return new LedgerEntry
        {
            Id = new EntryId(context.Ids.NewId()),
            Kind = "direct.observed",
            At = now,
            Recorded = context.Clocks.Wall.GetUtcNow(),
            Policy = Evidence.PolicyVersion,
            Agreement = claim is null ? agreement : agreement with
            {
                Country = claim.Text.File.Country,
                Locale = claim.Text.File.Language,
                Sha256 = claim.Shown.TextSha256,
                Length = claim.Text.Length,
            },
            Method = "direct",
            Level = Assurance.SignedIn.Word(),
            Screen = claim is null ? null : Attestations.ScreenOf(claim.Shown),
            Retention = "agreement",
            Disclosures = disclosures,
        };
    }

    private static (string Name, string? Value)[] FieldsOf(DirectSigner signer) =>
    [
        ("signedInPerson", signer.Person.ToString("D")),
        ("signedInBy", signer.SecondFactor ? "second-factor" : "single-factor"),
        ("authenticatedAt", signer.AuthenticatedAt is { } at ? LedgerEntry.Instant(at) : null),
        ("address", signer.Address),
        ("userAgent", signer.UserAgent is { Length: > LongestUserAgent } agent ? agent[..LongestUserAgent] : signer.UserAgent),
    ];

    private static string Lines(IEnumerable<Disclosure> disclosures) => string.Join('\n', disclosures.Select(disclosure => disclosure.Text));
}
