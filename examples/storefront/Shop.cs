using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Storefront;

/// <summary>Where a purchase stands.</summary>
internal enum PurchaseState
{
    /// <summary>Refused: the customer has to accept the agreement, and it is not known yet who signs.</summary>
    NeedsSignatory,

    /// <summary>The signatory was asked; the page is open, or the link is under way.</summary>
    Waiting,

    /// <summary>The signatory declined.</summary>
    Declined,

    /// <summary>The link was not used in time, or taken back.</summary>
    Ended,

    /// <summary>The order is placed.</summary>
    Done,
}

/// <summary>One purchase on its way. The two request ids make each step happen once, however often it is repeated.</summary>
internal sealed class Purchase(string id, Customer customer, string offer, int quantity)
{
    public string Id { get; } = id;

    public Customer Customer { get; } = customer;

    public string Offer { get; } = offer;

    public int Quantity { get; } = quantity;

    public Guid OrderRequest { get; } = Guid.NewGuid();

    public Guid AgreementRequest { get; } = Guid.NewGuid();

    /// <summary>Echoed by the acceptance page, so that its messages can be told from anybody else's.</summary>
    public string Nonce { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public SemaphoreSlim Turn { get; } = new(1);

    public PurchaseState State { get; set; }

    public string? Refusal { get; set; }

    public Attestation? Attestation { get; set; }

    public string? OrderId { get; set; }
}

/// <summary>
/// Carries a purchase from the cart to the order. Purchases live in memory: a real shop keeps them with its carts.
/// </summary>
internal sealed class Shop(PartnerCenter partnerCenter)
{
    private readonly ConcurrentDictionary<string, Purchase> purchases = new();

    /// <summary>What the shelf holds: the offer's id, its name, and how many licences come with it at first.</summary>
    public static readonly IReadOnlyList<(string Offer, string Name)> Shelf =
    [
        ("CFQ7TTC0LH18:0001:CFQ7TTC0K971", "Microsoft 365 Business Basic"),
        ("CFQ7TTC0LDPB:0001:CFQ7TTC0K5J2", "Microsoft 365 Business Standard"),
    ];

    public Purchase? Find(string id) => purchases.GetValueOrDefault(id);

    /// <summary>Tries the order; when the gate refuses, the purchase waits for the agreement.</summary>
    public async Task<Purchase> BuyAsync(Customer customer, string offer, int quantity)
    {
        var purchase = new Purchase(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), customer, offer, quantity);
        await OrderAsync(purchase);
        purchases[purchase.Id] = purchase;
        return purchase;
    }

    /// <summary>Asks the signatory; repeated, it asks whoever is named now.</summary>
    public async Task AskAsync(Purchase purchase, Signatory signatory, string language)
    {
        await purchase.Turn.WaitAsync();
        try
        {
            if (purchase.State != PurchaseState.Done)
            {
                purchase.Attestation = await partnerCenter.AttestAsync(purchase.Customer, signatory, language);
                purchase.State = PurchaseState.Waiting;
            }
        }
        finally
        {
            purchase.Turn.Release();
        }
    }

    /// <summary>
    /// Looks how the attestation stands, and finishes the order once it is accepted. Only the API's answer counts: a message
    /// of the acceptance page merely makes the shop look sooner.
    /// </summary>
    public async Task LookAsync(Purchase purchase)
    {
        await purchase.Turn.WaitAsync();
        try
        {
            if (purchase is not { State: PurchaseState.Waiting, Attestation: { } asked })
            {
                return;
            }

            purchase.Attestation = await partnerCenter.AttestationAsync(asked.Id);
            switch (purchase.Attestation.Status.ToLowerInvariant())
            {
                case "accepted":
                    await partnerCenter.CreateAgreementAsync(purchase.Customer.Id, asked.Id, purchase.AgreementRequest);
                    await OrderAsync(purchase);
                    break;
                case "finalised":
                    await OrderAsync(purchase);
                    break;
                case "declined":
                    purchase.State = PurchaseState.Declined;
                    break;
                case "expired" or "cancelled":
                    purchase.State = PurchaseState.Ended;
                    break;
            }
        }
        finally
        {
            purchase.Turn.Release();
        }
    }

    private async Task OrderAsync(Purchase purchase)
    {
        var outcome = await partnerCenter.OrderAsync(purchase.Customer.Id, purchase.Offer, purchase.Quantity, purchase.OrderRequest);
        if (outcome.OrderId is not null)
        {
            (purchase.OrderId, purchase.State) = (outcome.OrderId, PurchaseState.Done);
            return;
        }

        if (!outcome.NeedsAgreement)
        {
            throw new InvalidOperationException($"The order was refused with {outcome.Code}.");
        }

        (purchase.Refusal, purchase.State) = ($"{outcome.Code}: {outcome.Description}", PurchaseState.NeedsSignatory);
    }
}
