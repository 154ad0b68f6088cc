using Concordat.Core;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Identity;
using Concordat.Server.Hosting.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Concordat.Server.Portal;

/// <summary>Every customer that the person may see, with what Partner Center's list lacks: what the gate makes of it.</summary>
[PageAccess(TenantKind.Partner, PortalPages.Everybody)]
internal sealed class CustomersModel(Parts parts) : PageModel
{
    public const string Path = "/portal/customers";

    public CustomerView View => field ??= CustomerView.Of(HttpContext.Person(), parts.Directory);

    public CustomerFilter Filter => field ??= CustomerFilter.Of(Request.Query);

    public CustomerPage Listed { get; private set; } = new([], null, null, false);

    public IReadOnlyList<Partner> Resellers => field ??= View.ResellersIn(parts.Directory);

    public string ExportAddress => Filter.AddressOf(ExportModel.Path, PortalPages.LanguageOf(HttpContext));

    public string? NextAddress => AddressOf("after", Listed.After);

    public string? PreviousAddress => AddressOf("before", Listed.Before);

    public string ResellerName(PartnerId? reseller) => reseller is { } id ? parts.Directory.Find(id)?.Name ?? "" : "";

    public async Task<IActionResult> OnGetAsync()
    {
        if (!TokenOf("after").TryGetValue(out var after, out _) || !TokenOf("before").TryGetValue(out var before, out _))
        {
            return BadRequest();
        }

        Listed = await new CustomerWalk(parts, View, Filter).PageAsync(after, before);
        return Page();
    }

    // Signed, so that nobody finds out by a made-up place where another's customer would stand in the list.
    private string List => $"portal customers {View.Reseller}";

    private Outcome<CustomerId?> TokenOf(string name)
    {
        var token = Request.Query[name].ToString();
        return token.Length == 0 ? (CustomerId?)null
            : parts.PageTokens.ReadCustomer(View.Owner.Id, List, token, name).TryGetValue(out var id, out var problem) ? id : problem;
    }

    private string? AddressOf(string name, CustomerId? place) => place is { } id
        ? Filter.AddressOf(Path, PortalPages.LanguageOf(HttpContext).Append((name, parts.PageTokens.Create(View.Owner.Id, List, id))))
        : null;
}
