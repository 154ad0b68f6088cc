using System.Text;
using Concordat.Core;
using Concordat.Server.Storage;

namespace Concordat.Server.Operations;

/// <summary>Opens who accepted directly, for the customer itself.</summary>
internal static class DirectSigners
{
    /// <summary>What opens the entry's digests about the person, one to a line; null once erased, or where nobody is known.</summary>
    public static async ValueTask<string?> OpenAsync(Tx tx, SubjectVault vault, CustomerId customer, DirectAcceptanceRow row)
    {
        var found = row.Signer is { } signer ? await DirectAcceptanceRows.SignerAsync(tx, customer, signer) : null;
        return found is null ? null : Encoding.ASCII.GetString(SubjectVault.Open(vault.Unwrap(VaultOf(customer), found.WrappedKey), found.Sealed));
    }

    /// <summary>The vault keeps keys by tenant; here it is the customer's and no partner's.</summary>
    public static PartnerId VaultOf(CustomerId customer) => new(customer.Value);
}
