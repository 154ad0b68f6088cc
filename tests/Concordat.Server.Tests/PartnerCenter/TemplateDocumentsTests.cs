using Concordat.Core.Policy;
using Concordat.Server.PartnerCenter.Documents;

namespace Concordat.Server.Tests.PartnerCenter;

public class TemplateDocumentsTests(Servers servers)
{
    private const string Path = $"/v1/AgreementTemplates/{TestServer.Mca}/document";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "en-US", "US")]
    [InlineData("?language=ja-JP&country=JP", "ja-JP", "JP")]
    [InlineData("?language=ja-JP&country=KO", "en-US", "KO")]
    [InlineData("?language=de-DE&country=CA", "en-US", "CA")]
    public async Task Get_CountryAndLanguage_AreTheEffectiveOnes(string query, string language, string country)
    {
        var server = await servers.GetAsync("sqlite");
        var document = await server.SendAsync("GET", Path + query);
        Assert.Equal((200, language, country),
            (document.Status, document.Json["language"]!.GetValue<string>(), document.Json["country"]!.GetValue<string>()));
        Assert.StartsWith(server.BaseUrl + AgreementLinks.PreviewPath, document.Json["displayUri"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Path, "displayUri")]
    [InlineData(Path, "downloadUri")]
    [InlineData("/v1/customers/relationshiprequests", "url")]
    public async Task Get_ForeignHostHeader_LinksStayOurs(string path, string member)
    {
        var server = await servers.GetAsync("sqlite");
        var answer = await server.SendAsync("GET", path, headers: [("Host", "phish.example"), ("X-Forwarded-Host", "phish.example")]);
        Assert.Equal(200, answer.Status);
        Assert.StartsWith(server.BaseUrl + "/", answer.Json[member]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain("phish", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/agreementtemplates/x/document", "admin", 404, 1000)]
    [InlineData($"/v1/agreementtemplates/{TestServer.CloudAgreement}/document", "admin", 404, 1000)]
    [InlineData("/v1/agreementtemplates/6e668bc1-5c0b-4f0e-a0b3-2f2f6b7a6a10/document", "admin", 404, 1000)]
    [InlineData(Path + "?country=JPN", "admin", 400, 800002)]
    [InlineData(Path + "?language=ja_JP", "admin", 400, 800002)]
    [InlineData(Path, "app", 403, 900329)]
    public async Task Get_WhatHasNoDocument_IsRefused(string path, string who, int status, int code)
    {
        var server = await servers.GetAsync("sqlite");
        var refused = await server.SendAsync("GET", path, who: who);
        Assert.Equal((status, code), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task Files_LiveLink_ArePageAndWordFile()
    {
        var server = await servers.GetAsync("sqlite");
        var document = (await server.SendAsync("GET", Path + "?country=JP&language=ja-JP")).Json;
        using var browser = new HttpClient();

        using var page = await browser.GetAsync(new Uri(document["displayUri"]!.GetValue<string>()), Cancel);
        using var file = await browser.GetAsync(new Uri(document["downloadUri"]!.GetValue<string>()), Cancel);
        var html = await page.Content.ReadAsStringAsync(Cancel);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        var nonce = policy.Split("'nonce-")[1].Split('\'')[0];

        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType!.ToString());
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.Contains($"<style nonce=\"{nonce}\">", html, StringComparison.Ordinal);
        Assert.Contains("lang=\"ja-JP\"", html, StringComparison.Ordinal);
        Assert.Equal(AgreementDocuments.WordContentType, file.Content.Headers.ContentType!.ToString());
        Assert.Equal("attachment; filename=\"MicrosoftCustomerAgreement-v2-JP-ja-JP-SAMPLE.docx\"", file.Content.Headers.ContentDisposition!.ToString());
        Assert.Equal("PK"u8.ToArray(), (await file.Content.ReadAsByteArrayAsync(Cancel))[..2]);
        Assert.All([page, file], answer =>
        {
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.True(answer.Headers.CacheControl!.NoStore);
        });
    }

    [Fact]
    public async Task Files_ExpiredOrForgedLink_SaySo()
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var link = (await server.SendAsync("GET", Path)).Json["displayUri"]!.GetValue<string>();
        using var browser = new HttpClient();

        using var forged = await browser.GetAsync(new Uri(link[..^1] + (link[^1] == 'A' ? 'B' : 'A')), Cancel);
        server.Parts.Context.Clocks.Policy(PartnerEnvironment.Production).Offset += AgreementLinks.Lifetime;
        using var expired = await browser.GetAsync(new Uri(link), Cancel);

        Assert.Equal((404, 410), ((int)forged.StatusCode, (int)expired.StatusCode));
        Assert.Contains("expired", await expired.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_BeforeTheSecondText_ShowsTheFirst()
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var clock = server.Parts.Context.Clocks;
        clock.Policy(PartnerEnvironment.Production).Offset = new DateTimeOffset(2022, 1, 1, 0, 0, 0, TimeSpan.Zero) - clock.Wall.GetUtcNow();

        var link = (await server.SendAsync("GET", Path)).Json["downloadUri"]!.GetValue<string>();
        using var browser = new HttpClient();
        using var file = await browser.GetAsync(new Uri(link), Cancel);

        Assert.Contains("-v1-", file.Content.Headers.ContentDisposition!.FileName, StringComparison.Ordinal);
    }
}
