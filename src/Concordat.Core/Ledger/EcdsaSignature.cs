using System.Numerics;

namespace Concordat.Core.Ledger;

/// <summary>
/// Reads a P-256 signature in strict DER: shortest lengths and integers, both numbers from 1 to the order less one, nothing
/// behind. Libraries differ in what else they take, and a receipt must get the same verdict from all of them.
/// </summary>
internal static class EcdsaSignature
{
    private static readonly BigInteger Order = BigInteger.Parse(
        "0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber,
        System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The two numbers as 64 bytes, or null.</summary>
    public static byte[]? Read(ReadOnlySpan<byte> der)
    {
        // Two numbers of at most 33 bytes: every length fits one byte below 128.
        if (der.Length is < 8 or > 72 || der[0] != 0x30 || der[1] != der.Length - 2)
        {
            return null;
        }

        var numbers = new byte[64];
        var rest = der[2..];
        return TakeNumber(ref rest, numbers.AsSpan(0, 32)) && TakeNumber(ref rest, numbers.AsSpan(32)) && rest.IsEmpty ? numbers : null;
    }

    private static bool TakeNumber(ref ReadOnlySpan<byte> der, Span<byte> into)
    {
        if (der.Length < 3 || der[0] != 0x02 || der[1] is 0 or > 33 || der.Length < 2 + der[1])
        {
            return false;
        }

        var bytes = der.Slice(2, der[1]);
        der = der[(2 + bytes.Length)..];
        var padded = bytes[0] == 0 && bytes.Length > 1;
        if (bytes[0] >= 0x80 || (padded && bytes[1] < 0x80))
        {
            return false;
        }

        bytes = padded ? bytes[1..] : bytes;
        if (bytes.Length > 32)
        {
            return false;
        }

        bytes.CopyTo(into[(32 - bytes.Length)..]);
        var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        return number > 0 && number < Order;
    }
}
