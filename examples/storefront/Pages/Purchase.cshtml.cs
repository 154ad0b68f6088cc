using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Storefront;

/// <summary>One purchase, in whatever state it is. Works without scripts; with them the page moves on by itself.</summary>
[IgnoreAntiforgeryToken]
internal sealed class PurchaseModel(Shop shop) : PageModel
{
    public Purchase? Purchase { get; private set; }

    public bool Faulty { get; private set; }

    public string Product => Shop.Shelf.First(item => item.Offer == Purchase!.Offer).Name;

    public async Task OnGetAsync(string id)
    {
        Purchase = shop.Find(id);
        if (Purchase is null)
        {
            Response.StatusCode = 404;
            return;
        }

        await shop.LookAsync(Purchase);
    }

    /// <summary>What the script asks for: the state's name.</summary>
    public async Task<IActionResult> OnGetStateAsync(string id)
    {
        await OnGetAsync(id);
        return Purchase is null ? NotFound() : Content(Purchase.State.ToString());
    }

    public async Task<IActionResult> OnPostAsync(string id, string? firstName, string? lastName, string? email)
    {
        Purchase = shop.Find(id);
        if (Purchase is null)
        {
            return NotFound();
        }

        if (string.IsNullOrWhiteSpace(firstName) || string.IsNullOrWhiteSpace(lastName) || email is null || !email.Contains('@', StringComparison.Ordinal))
        {
            Faulty = true;
            return Page();
        }

        var language = ShopTexts.Of(Request).Language;
        await shop.AskAsync(Purchase, new Signatory(firstName, lastName, email), language);
        return Redirect($"/purchases/{id}?lang={language}");
    }

    /// <summary>The acceptance page, told whom to notify (this shop's origin) and with which nonce.</summary>
    public string FrameAddress(Attestation attestation) =>
        $"{attestation.Url}&origin={Uri.EscapeDataString($"{Request.Scheme}://{Request.Host}")}&nonce={Purchase!.Nonce}";

    public string TitleIn(ShopTexts text) => Purchase?.State switch
    {
        null => text["cart"],
        PurchaseState.NeedsSignatory => text["refused"],
        PurchaseState.Waiting => text["waiting"],
        PurchaseState.Declined => text["declined"],
        PurchaseState.Ended => text["ended"],
        _ => text["done"],
    };

    public string ExplanationIn(ShopTexts text) => Purchase!.State switch
    {
        PurchaseState.Declined => text["declinedText"],
        PurchaseState.Ended => text["endedText"],
        _ => text["refusedText", Purchase.Customer.Name],
    };
}
