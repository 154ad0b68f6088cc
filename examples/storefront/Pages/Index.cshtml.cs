using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Storefront;

/// <summary>The cart. A real shop knows for whom it sells; here the reader picks one of the partner's customers.</summary>
[IgnoreAntiforgeryToken]
internal sealed class IndexModel(PartnerCenter partnerCenter, Shop shop) : PageModel
{
    public IReadOnlyList<Customer> Customers { get; private set; } = [];

    public async Task OnGetAsync() => Customers = await partnerCenter.CustomersAsync();

    public async Task<IActionResult> OnPostAsync(string customer, string offer, int quantity)
    {
        var known = (await partnerCenter.CustomersAsync()).FirstOrDefault(one => one.Id == customer);
        if (known is null || quantity is < 1 or > 300 || Shop.Shelf.All(item => item.Offer != offer))
        {
            return BadRequest();
        }

        var purchase = await shop.BuyAsync(known, offer, quantity);
        return Redirect($"/purchases/{purchase.Id}?lang={ShopTexts.Of(Request).Language}");
    }
}
