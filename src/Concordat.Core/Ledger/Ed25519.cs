using System.Numerics;
using System.Security.Cryptography;

namespace Concordat.Core.Ledger;

/// <summary>
/// Checks Ed25519 signatures (RFC 8032), for the cosignatures of witnesses; the runtime has no such function. Only public
/// values go through it, so it takes no care to run in constant time, and it makes no signatures.
/// </summary>
internal static class Ed25519
{
    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger L = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", System.Globalization.CultureInfo.InvariantCulture);
    private static readonly BigInteger D = Mod(-121665 * Inverse(121666));
    private static readonly BigInteger RootOfMinusOne = BigInteger.ModPow(2, (P - 1) / 4, P);
    private static readonly Point Generator = GeneratorPoint();

    /// <summary>True for a signature of 64 bytes by a key of 32; encodings that are not canonical are refused.</summary>
    public static bool Verify(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (key.Length != 32 || signature.Length != 64 || Decode(key) is not { } a || Decode(signature[..32]) is not { } r)
        {
            return false;
        }

        var s = new BigInteger(signature[32..], isUnsigned: true);
        if (s >= L)
        {
            return false;
        }

        var challenge = new BigInteger(SHA512.HashData([.. signature[..32], .. key, .. message]), isUnsigned: true) % L;
        var left = Multiply(Generator, s);
        var right = Add(r, Multiply(a, challenge));
        return Mod(left.X * right.Z) == Mod(right.X * left.Z) && Mod(left.Y * right.Z) == Mod(right.Y * left.Z);
    }

    private static Point? Decode(ReadOnlySpan<byte> bytes)
    {
        Span<byte> copy = stackalloc byte[32];
        bytes.CopyTo(copy);
        var odd = copy[31] >> 7 == 1;
        copy[31] &= 0x7f;
        var y = new BigInteger(copy, isUnsigned: true);
        return y < P && RecoverX(y, odd) is { } x ? Point.Of(x, y) : null;
    }

    private static BigInteger? RecoverX(BigInteger y, bool odd)
    {
        var square = Mod((y * y) - 1) * Inverse(Mod((D * y * y) + 1)) % P;
        var x = BigInteger.ModPow(square, (P + 3) / 8, P);
        if (Mod((x * x) - square) != 0)
        {
            x = x * RootOfMinusOne % P;
        }

        if (Mod((x * x) - square) != 0 || (x.IsZero && odd))
        {
            return null;
        }

        return x.IsEven == odd ? P - x : x;
    }

    private static Point Multiply(Point point, BigInteger factor)
    {
        var sum = Point.Of(0, 1);
        for (; factor > 0; factor >>= 1)
        {
            sum = factor.IsEven ? sum : Add(sum, point);
            point = Add(point, point);
        }

        return sum;
    }

    // The complete addition law in extended coordinates, RFC 8032 section 5.1.4.
    private static Point Add(Point p, Point q)
    {
        var a = Mod((p.Y - p.X) * (q.Y - q.X));
        var b = Mod((p.Y + p.X) * (q.Y + q.X));
        var c = Mod(2 * p.T * q.T * D);
        var d = Mod(2 * p.Z * q.Z);
        var (e, f, g, h) = (b - a, d - c, d + c, b + a);
        return new Point(Mod(e * f), Mod(g * h), Mod(f * g), Mod(e * h));
    }

    private static Point GeneratorPoint()
    {
        var y = Mod(4 * Inverse(5));
        return Point.Of(RecoverX(y, odd: false)!.Value, y);
    }

    private static BigInteger Inverse(BigInteger number) => BigInteger.ModPow(number, P - 2, P);

    private static BigInteger Mod(BigInteger number) => number % P is { Sign: < 0 } negative ? negative + P : number % P;

    private readonly record struct Point(BigInteger X, BigInteger Y, BigInteger Z, BigInteger T)
    {
        public static Point Of(BigInteger x, BigInteger y) => new(x, y, 1, x * y % P);
    }
}
