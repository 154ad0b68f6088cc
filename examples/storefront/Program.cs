using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.Extensions.WebEncoders;
using Storefront;

// A small shop that sells to customers of one partner. Usage:
//   Storefront --sandbox DIR [--port N] [--follow PID]
//   DIR is where the sandbox keeps sandbox.json; PID is a process that this one ends with.
if (!Arguments.TryParse(args, out var arguments, out var fault))
{
    Console.Error.WriteLine($"storefront: {fault}");
    return 2;
}

var connection = await Connection.WaitForAsync(arguments.SandboxDirectory, arguments.FollowedProcess);
if (connection is null)
{
    return 0;
}

var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.UseUrls($"http://127.0.0.1:{arguments.Port}");
builder.Logging.ClearProviders();
builder.Services.AddSingleton(connection);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<PartnerCenter>();
builder.Services.AddSingleton<Shop>();
builder.Services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
builder.Services.AddRazorPages();
var app = builder.Build();
app.Use((http, next) =>
{
    // The only foreign thing this shop shows is the acceptance page.
    http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        + $"frame-src {connection.BaseUrl.GetLeftPart(UriPartial.Authority)}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    http.Response.Headers.CacheControl = "no-store";
    http.Response.Headers.XContentTypeOptions = "nosniff";
    return next();
});
app.UseStaticFiles();
app.MapRazorPages();
await app.StartAsync();
Console.WriteLine($"Storefront at http://127.0.0.1:{arguments.Port}");
await Arguments.EndOfAsync(arguments.FollowedProcess, app.Lifetime.ApplicationStopping);
await app.StopAsync();
return 0;
