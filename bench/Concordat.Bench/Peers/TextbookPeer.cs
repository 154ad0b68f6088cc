using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Concordat.Bench.Peers;

internal sealed record TextbookContact(string FirstName, string LastName, string Email, string? PhoneNumber);

internal sealed record TextbookBody(Guid TemplateId, DateTimeOffset DateAgreed, TextbookContact PrimaryContact);

/// <summary>
/// T: the same confirmation as a textbook writes it: minimal API, EF Core on PostgreSQL, one SaveChanges per request. It is
/// spared what ours does besides (token, field rules, sealing people's data, salted digests): it writes as many bytes that
/// it does not compute. The GET is the read through EF Core: customer, confirmations, signatories.
/// </summary>
internal static class TextbookPeer
{
    private const int EntryBytes = 1024;
    private const int DisclosureBytes = 700;

    private static readonly byte[] Entry = RandomNumberGenerator.GetBytes(EntryBytes);
    private static readonly byte[] Disclosure = RandomNumberGenerator.GetBytes(DisclosureBytes);

    public static async Task<int> RunAsync(Arguments arguments)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, (int)arguments.Number("--port", 0)));
        builder.Services.AddDbContextPool<TextbookContext>(options => options.UseNpgsql(arguments.Text("--postgres")));
        await using var app = builder.Build();
        await FillAsync(app, arguments.Number("--customers", 1000), arguments.Number("--confirmed", 100));
        app.MapGet("/health/ready", () => "ready");
        app.MapPost("/v1/customers/{id:guid}/agreements", ConfirmAsync);
        app.MapGet("/v1/customers/{id:guid}/agreements", ListAsync);
        await app.RunAsync();
        return 0;
    }

    private static async Task<IResult> ConfirmAsync(Guid id, TextbookBody body, HttpRequest request, TextbookContext db)
    {
        if (await db.Customers.FindAsync(id) is not { } customer)
        {
            return Results.NotFound();
        }

        var contact = body.PrimaryContact;
        if (await db.Signatories.AnyAsync(row => row.CustomerId == id && row.Email == contact.Email))
        {
            return Results.Conflict();
        }

        var now = DateTimeOffset.UtcNow;
        var signatory = new TextbookSignatory
        {
            Id = Guid.CreateVersion7(),
            CustomerId = id,
            FirstName = contact.FirstName,
            LastName = contact.LastName,
            Email = contact.Email,
            PhoneNumber = contact.PhoneNumber,
        };
        var confirmation = new TextbookConfirmation
        {
            Id = Guid.CreateVersion7(),
            CustomerId = id,
            TemplateId = body.TemplateId,
            DateAgreed = body.DateAgreed,
            RecordedAt = now,
            AttesterId = Guid.CreateVersion7(),
            Method = "partner-legacy",
            Signatory = signatory,
        };
        (customer.AttestedAt, customer.Facts) = (body.DateAgreed, customer.Facts + 1);
        db.Add(confirmation);
        db.Add(new TextbookEntry { ConfirmationId = confirmation.Id, Entry = Entry, Hash = SHA256.HashData(Entry) });
        db.Add(new TextbookDisclosure { Id = Guid.CreateVersion7(), CustomerId = id, Content = Disclosure });
        db.Add(new TextbookNotice { Id = Guid.CreateVersion7(), CustomerId = id, DueAt = now.AddMinutes(30) });
        db.Add(new TextbookRequest { Id = request.Headers["MS-RequestId"].ToString(), Result = confirmation.Id.ToString(), CreatedAt = now });
        await db.SaveChangesAsync();
        return Results.Created((string?)null, body);
    }

    private static async Task<IResult> ListAsync(Guid id, TextbookContext db)
    {
        if (!await db.Customers.AnyAsync(row => row.Id == id))
        {
            return Results.NotFound();
        }

        var rows = await db.Confirmations.AsNoTracking().Include(row => row.Signatory).Where(row => row.CustomerId == id)
            .OrderByDescending(row => row.RecordedAt).ToListAsync();
        return Results.Ok(new
        {
            TotalCount = rows.Count,
            Items = rows.Select(row => new
            {
                UserId = row.AttesterId,
                PrimaryContact = new TextbookContact(
                    row.Signatory!.FirstName, row.Signatory.LastName, row.Signatory.Email, row.Signatory.PhoneNumber),
                row.TemplateId,
                row.DateAgreed,
                Type = "MicrosoftCustomerAgreement",
                AgreementLink = "https://aka.ms/customeragreement",
            }),
        });
    }

    /// <summary>The same customers as ours, the first of them with one confirmation each.</summary>
    private static async Task FillAsync(WebApplication app, long customers, long confirmed)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TextbookContext>();
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(5));
        await db.Database.EnsureDeletedAsync();
        await db.Database.EnsureCreatedAsync();
        await db.Database.ExecuteSqlAsync($$"""
            INSERT INTO "Customers" ("Id", "Name", "Facts")
            SELECT ('c0c0c0c0-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, 'Customer ' || i, 0
            FROM generate_series(0, {{customers}} - 1) AS i
            """);
        await db.Database.ExecuteSqlAsync($$"""
            INSERT INTO "Signatories" ("Id", "CustomerId", "FirstName", "LastName", "Email", "PhoneNumber")
            SELECT ('51617000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
                   ('c0c0c0c0-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, 'Robin', 'Hartley',
                   'signer' || i || '@customer.example', '0355550100'
            FROM generate_series(0, {{confirmed}} - 1) AS i
            """);
        await db.Database.ExecuteSqlAsync($$"""
            INSERT INTO "Confirmations" ("Id", "CustomerId", "TemplateId", "DateAgreed", "RecordedAt", "AttesterId", "Method", "SignatoryId")
            SELECT gen_random_uuid(), "CustomerId", '117a77b0-9360-443b-8795-c6dedc750cf9', now(), now(), gen_random_uuid(),
                   'partner-legacy', "Id"
            FROM "Signatories"
            """);
        await db.Database.ExecuteSqlAsync($"ANALYZE");
    }
}
