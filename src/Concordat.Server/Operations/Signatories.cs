using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Concordat.Core;
using Concordat.Core.Fields;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>A person with the data key that seals everything about them.</summary>
/// <param name="Id">Their id for this partner and customer.</param>
/// <param name="Key">The data key in clear; never stored, never logged.</param>
/// <param name="New">The row to add, or null when the person was known.</param>
/// <param name="EmailHash">Recognises the e-mail address.</param>
internal sealed record Signatory(SubjectId Id, byte[] Key, SubjectRow? New, byte[] EmailHash);

/// <summary>How a contact is written inside its seal.</summary>
[JsonSerializable(typeof(Contact))]
internal sealed partial class ContactJson : JsonSerializerContext;

/// <summary>Finds people again by the keyed hash of all four fields, and seals those that are new.</summary>
internal static class Signatories
{
    public const string Kind = "signatory";

    /// <summary>
    /// Hashes and seals a person as if they were new. Done on the caller's thread: sealing costs more than writing, and the
    /// one writer would do it for everybody.
    /// </summary>
    public static Signatory Prepare(OperationContext context, PartnerId partner, Contact contact)
    {
        var hash = context.Vault.Recognise(partner, contact.CanonicalBytes());
        var emailHash = context.Vault.Recognise(partner, Encoding.UTF8.GetBytes(contact.Email.ToUpperInvariant()));
        var (key, wrapped) = context.Vault.NewKey(partner);
        var id = new SubjectId(context.Ids.NewId());
        var box = context.Vault.Seal(key, JsonSerializer.SerializeToUtf8Bytes(contact, ContactJson.Default.Contact));
        return new Signatory(id, key, new SubjectRow(id, hash, wrapped, box), emailHash);
    }

    /// <summary>The known person whose four fields are equal, or the prepared one, which still has to be added.</summary>
    public static Signatory Recognise(OperationContext context, PartnerId partner, Signatory prepared, IReadOnlyList<SubjectRow> known)
    {
        foreach (var row in known)
        {
            if (row.ContactHash.AsSpan().SequenceEqual(prepared.New!.ContactHash))
            {
                return new Signatory(row.Id, context.Vault.Unwrap(partner, row.WrappedKey), null, prepared.EmailHash);
            }
        }

        return prepared;
    }

    /// <summary>Adds a new person; their e-mail address can be found again by its own keyed hash (case ignored).</summary>
    public static ValueTask AddAsync(Tx tx, PartnerId partner, CustomerId customer, Signatory signatory, DateTimeOffset now) =>
        SubjectRows.AddAsync(tx, partner, customer, Kind, signatory.New!, signatory.EmailHash, now);

    /// <summary>A person on record, with the key that seals what is written about them.</summary>
    public static Signatory Known(SubjectVault vault, PartnerId partner, SubjectRow row) => new(row.Id, vault.Unwrap(partner, row.WrappedKey), null, []);

    /// <summary>Opens a sealed contact.</summary>
    public static Contact Open(SubjectVault vault, PartnerId partner, SubjectRow row) =>
        JsonSerializer.Deserialize(SubjectVault.Open(vault.Unwrap(partner, row.WrappedKey), row.Sealed), ContactJson.Default.Contact)!;
}
