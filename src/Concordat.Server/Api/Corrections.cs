using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Fields;
using Concordat.Server.Hosting;
using Concordat.Server.Operations;

namespace Concordat.Server.Api;

/// <summary>Another signatory for the record whose ledger entry <c>corrects</c> names.</summary>
internal sealed record CorrectionDocument(Guid? Corrects, string? FirstName, string? LastName, string? Email, string? PhoneNumber);

/// <summary>The entry of the corrected record.</summary>
internal sealed record CorrectedDocument(Guid Entry);

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CorrectionDocument))]
[JsonSerializable(typeof(CorrectedDocument))]
internal sealed partial class CorrectionJson : JsonSerializerContext;

/// <summary>Corrects who signed: a new confirmation that names what it corrects.</summary>
internal static class Corrections
{
    public static void Map(ApiRoutes routes) => routes.Post("customers/{customer}/corrections", Access.Attest, CorrectAsync,
        new RouteNote("Names another signatory for a record; both stay visible, and the new one gets the notice.", 201, typeof(CorrectionDocument), typeof(CorrectedDocument)));

    private static async Task CorrectAsync(Call call)
    {
        var context = call.Parts.Context;
        if (!call.Customer().TryGetValue(out var customer, out var problem)
            || !call.Read(CorrectionJson.Default.CorrectionDocument).TryGetValue(out var body, out problem)
            || !Contact.Parse(body.FirstName, body.LastName, body.Email, body.PhoneNumber, "signatory").TryGetValue(out var contact, out problem))
        {
            await call.RefuseAsync(problem);
            return;
        }

        if (body.Corrects is not { } entry)
        {
            await call.RefuseAsync(new Problem(ProblemCode.InvalidInput, "Name the record by its ledger entry, a GUID.", "corrects"));
            return;
        }

        var outcome = await context.Loop.RunAsync(new CorrectSignatory(context, call.Actor, customer, call.Key, new EntryId(entry), contact));
        await call.RespondAsync(201, outcome, corrected => new CorrectedDocument(corrected.Value), CorrectionJson.Default.CorrectedDocument);
    }
}
