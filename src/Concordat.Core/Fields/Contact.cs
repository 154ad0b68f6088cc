using System.Buffers.Binary;
using System.Text;

namespace Concordat.Core.Fields;

/// <summary>A person of the customer: the signatory of a confirmation. Its fields are personal data.</summary>
/// <param name="FirstName">Given name.</param>
/// <param name="LastName">Family name.</param>
/// <param name="Email">One mailbox.</param>
/// <param name="PhoneNumber">Null when none was given (an empty one is none).</param>
public sealed record Contact(string FirstName, string LastName, string Email, string? PhoneNumber)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The contact, or a problem that carries every fault of the four fields.</summary>
    /// <param name="firstName">As it came.</param>
    /// <param name="lastName">As it came.</param>
    /// <param name="email">As it came.</param>
    /// <param name="phoneNumber">As it came; null and empty mean none.</param>
    /// <param name="path">JSON path of the object, before the field names.</param>
    public static Outcome<Contact> Parse(
        string? firstName, string? lastName, string? email, string? phoneNumber, string path = "primaryContact")
    {
        var faults = new Faults();
        var first = faults.Take(PersonName.Parse(firstName, $"{path}.firstName"));
        var last = faults.Take(PersonName.Parse(lastName, $"{path}.lastName"));
        var address = faults.Take(EmailAddress.Parse(email, $"{path}.email"));
        var phone = faults.Take(Fields.PhoneNumber.ParseOptional(phoneNumber, $"{path}.phoneNumber"));
        return faults.None ? new Contact(first!, last!, address!, phone is "" ? null : phone) : faults.ToProblem();
    }

    /// <summary>
    /// The bytes over which the keyed hash for duplicates (600061) is taken: each field as a 32-bit big-endian length and
    /// its UTF-8, so that no two contacts share them; ordinal, and a missing phone equals an empty one.
    /// </summary>
    public byte[] CanonicalBytes()
    {
        string[] fields = [FirstName, LastName, Email, PhoneNumber ?? ""];
        var bytes = new byte[fields.Sum(field => sizeof(int) + Utf8.GetByteCount(field))];
        var rest = bytes.AsSpan();
        foreach (var field in fields)
        {
            var length = Utf8.GetBytes(field, rest[sizeof(int)..]);
            BinaryPrimitives.WriteInt32BigEndian(rest, length);
            rest = rest[(sizeof(int) + length)..];
        }
        return bytes;
    }

    /// <summary>Without the person, so that no log line or exception text can carry one.</summary>
    public override string ToString() => "Contact";
}
