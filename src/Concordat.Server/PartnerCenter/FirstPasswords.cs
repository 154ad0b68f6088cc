using System.Security.Cryptography;
using Concordat.Core;

namespace Concordat.Server.PartnerCenter;

/// <summary>
/// The administrator's first password that the answer to a new customer carries. It is computed from the customer's id, so
/// that a repeated request gets the same one and no password is ever stored. It signs in at the sandbox's issuer only.
/// </summary>
/// <param name="key">The same on every node.</param>
internal sealed class FirstPasswords(byte[] key)
{
    private const int Length = 16;

    // One alphabet per place, in turn, so that every kind of character occurs; without look-alikes.
    private static readonly string[] Alphabets = ["ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789", "!#%*+-?@"];

    public string Of(CustomerId customer)
    {
        var bytes = HMACSHA256.HashData(key, customer.Value.ToByteArray(bigEndian: true));
        return string.Create(Length, bytes, static (text, random) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                var alphabet = Alphabets[i % Alphabets.Length];
                text[i] = alphabet[random[i] % alphabet.Length];
            }
        });
    }
}
