using System.Globalization;
using System.Text;
using Concordat.Core.Fields;

namespace Concordat.Server.Background.Mails;

/// <summary>Addresses as mail servers take them: the domain in ASCII wherever it can be.</summary>
internal static class MailAddresses
{
    /// <summary>The address with its domain in Punycode; null when it is no address, or one that readers take for something else.</summary>
    public static string? ForServers(string address)
    {
        // What looks like an encoded word is read as one by some readers, although an address cannot hold one.
        if (EmailAddress.Parse(address, "address").Problem is not null || address.Contains("=?", StringComparison.Ordinal))
        {
            return null;
        }

        var at = address.IndexOf('@', StringComparison.Ordinal);
        var domain = address[(at + 1)..];
        try
        {
            return Ascii.IsValid(domain) ? address : $"{address[..at]}@{new IdnMapping().GetAscii(domain)}";
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>What stands after the at sign.</summary>
    public static string DomainOf(string address) => address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..];
}
