using System.Net;
using System.Net.Sockets;

namespace Concordat.Server.Hosting;

/// <summary>Which network a request comes from: what one household or office shares.</summary>
internal static class ClientNetwork
{
    /// <summary>What requests are counted under: the address, for IPv6 its /64.</summary>
    public static Guid KeyOf(IPAddress? address)
    {
        Span<byte> key = stackalloc byte[16];
        key.Clear();
        if (address is null)
        {
            return Guid.Empty;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        bytes[..(length == 16 ? 8 : length)].CopyTo(key);
        key[15] = (byte)length;
        return new Guid(key, bigEndian: true);
    }

    /// <summary>
    /// The network of an address as text: /24 of IPv4, /64 of IPv6. What is no address answers itself, so that equal ones stay
    /// equal.
    /// </summary>
    public static string Of(string address)
    {
        if (!IPAddress.TryParse(address, out var parsed))
        {
            return address;
        }

        parsed = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
        var bytes = parsed.GetAddressBytes();
        var kept = parsed.AddressFamily == AddressFamily.InterNetwork ? 3 : 8;
        bytes.AsSpan(kept).Clear();
        return $"{new IPAddress(bytes)}/{kept * 8}";
    }
}
