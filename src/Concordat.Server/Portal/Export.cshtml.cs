using System.Text;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Pages;
using Concordat.Server.Hosting.SignIn;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Concordat.Server.Portal;

/// <summary>
/// The filtered list as a file, written while it is read, so that memory does not grow with it. It takes a fresh second
/// factor: one file holds what a list shows page by page.
/// </summary>
[PageAccess(TenantKind.Partner, PortalPages.Everybody, StepUp = true)]
internal sealed class ExportModel(Parts parts) : PageModel
{
    public const string Path = "/portal/customers/export";

    private const int FlushEvery = 1000;

    public async Task<IActionResult> OnGetAsync()
    {
        var text = HttpContext.Texts();
        var view = CustomerView.Of(HttpContext.Person(), parts.Directory);
        Response.ContentType = "text/csv; charset=utf-8";
        Response.Headers.ContentDisposition = "attachment; filename=\"customers.csv\"";
        await Response.Body.WriteAsync(Csv.Mark.ToArray(), HttpContext.RequestAborted);
        var rows = new StringBuilder(Csv.Row(
            text["Portal.Column.Id"], text["Portal.Column.Name"], text["Portal.Column.Domain"], text["Portal.Column.Relationship"],
            text["Portal.Column.Agreement"], text["Portal.Column.State"], text["Portal.Column.From"], text["Portal.Column.Refused"],
            text["Portal.Column.Reseller"]));
        var written = 0;
        await foreach (var one in new CustomerWalk(parts, view, CustomerFilter.Of(Request.Query)).AllAsync(HttpContext.RequestAborted))
        {
            rows.Append(RowOf(text, one));
            if (++written % FlushEvery == 0)
            {
                await SendAsync(rows);
            }
        }

        await SendAsync(rows);
        return new EmptyResult();
    }

    private string RowOf(Texts text, ListedCustomer one) => Csv.Row(
        one.Row.Id.ToString(), one.Row.CompanyName, one.Row.Domain, text["Portal.Relationship.CloudReseller"],
        PortalPages.StandingText(text, one.Standing), PortalPages.StateText(text, one.Outlook.Prospect), PortalPages.Day(one.Outlook.From),
        PortalPages.ActionsText(text, one.Outlook.Refused),
        one.Row.Reseller is { } reseller ? parts.Directory.Find(reseller)?.Name ?? "" : "");

    private async Task SendAsync(StringBuilder rows)
    {
        await Response.Body.WriteAsync(Encoding.UTF8.GetBytes(rows.ToString()), HttpContext.RequestAborted);
        rows.Clear();
    }
}
