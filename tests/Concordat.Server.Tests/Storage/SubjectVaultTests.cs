using System.Security.Cryptography;
using System.Text;
using Concordat.Core;
using Concordat.Server.Hosting;
using Concordat.Server.Storage;

namespace Concordat.Server.Tests.Storage;

public sealed class SubjectVaultTests
{
    private static readonly SubjectVault Vault = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)], new IdSource(TimeProvider.System));
    private static readonly PartnerId One = new(Guid.Parse("11111111-1111-4111-8111-111111111111"));
    private static readonly PartnerId Other = new(Guid.Parse("22222222-2222-4222-8222-222222222222"));

    [Fact]
    public void Seal_AnyBitChanged_IsRefused()
    {
        var (key, wrapped) = Vault.NewKey(One);
        var box = Vault.Seal(key, "Hanako"u8);
        Assert.Equal("Hanako"u8, SubjectVault.Open(Vault.Unwrap(One, wrapped), box));

        for (var bit = 0; bit < box.Length * 8; bit++)
        {
            Assert.Throws<AuthenticationTagMismatchException>(() => SubjectVault.Open(key, Flipped(box, bit)));
        }

        for (var bit = 0; bit < wrapped.Length * 8; bit++)
        {
            Assert.Throws<AuthenticationTagMismatchException>(() => Vault.Unwrap(One, Flipped(wrapped, bit)));
        }
    }

    [Fact]
    public void Unwrap_KeyOfAnotherPartner_IsRefused()
    {
        var (_, wrapped) = Vault.NewKey(One);

        Assert.Throws<AuthenticationTagMismatchException>(() => Vault.Unwrap(Other, wrapped));
    }

    [Fact]
    public void Recognise_SameText_IsEqualWithinAPartnerOnly()
    {
        Assert.Equal(Vault.Recognise(One, "hanako"u8), Vault.Recognise(One, "hanako"u8));
        Assert.NotEqual(Vault.Recognise(One, "hanako"u8), Vault.Recognise(Other, "hanako"u8));
        Assert.NotEqual(Vault.Recognise(One, "hanako"u8), Vault.Recognise(One, "Hanako"u8));
    }

    [Fact]
    public void Seal_SameTextTwice_LooksDifferent()
    {
        var (key, _) = Vault.NewKey(One);

        Assert.NotEqual(Vault.Seal(key, "Hanako"u8), Vault.Seal(key, "Hanako"u8));
    }

    [Theory]
    [MemberData(nameof(Servers.Engines), MemberType = typeof(Servers))]
    public async Task Stored_EverythingOfASeededServer_HoldsNoPersonalText(string engine)
    {
        await using var server = await TestServer.StartAsync(engine);
        var path = $"/v1/customers/{TestServer.Customer("never")}";
        Assert.Equal(201, (await server.SendAsync("POST", $"{path}/agreements", """
            {"templateId":"117a77b0-9360-443b-8795-c6dedc750cf9","dateAgreed":"2024-05-01T00:00:00Z",
             "primaryContact":{"firstName":"Xanthippe","lastName":"Quellmalz","email":"xq@persons.example","phoneNumber":"0399887766"} }
            """, headers: ("MS-RequestId", "87a5f2a0-6ab4-4a57-92a5-4f7c1e7e2c11"))).Status);
        Assert.Equal(201, (await server.SendAsync("POST", $"{path}/orders", TestServer.Order())).Status);

        var stored = engine == "sqlite" ? await FilesAsync(server) : await RowsAsync(server);

        // A company's name is no secret: it shows that the search sees what is there.
        Assert.True(Contains(stored, "Harbor Light IT"));
        string[] personal = ["Xanthippe", "Quellmalz", "xq@persons", "0399887766", "Hartley", "花子", "佐藤", ".signatory@", "billing@", "0355550100"];
        Assert.All(personal, text => Assert.False(Contains(stored, text), text));
    }

    private static async Task<byte[]> FilesAsync(TestServer server)
    {
        var all = new MemoryStream();
        foreach (var file in Directory.GetFiles(server.Parts.Options.DataDirectory, "concordat.db*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            await stream.CopyToAsync(all);
        }

        return all.ToArray();
    }

    /// <summary>Every row of every table as text, with what is in its binary columns turned back into bytes.</summary>
    private static async Task<byte[]> RowsAsync(TestServer server)
    {
        var all = new List<byte>();
        var tables = await server.Parts.Database.ReadEverythingAsync(tx => tx.ManyAsync(
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'", row => row.Text(0)));
        foreach (var table in tables)
        {
            await server.Parts.Database.ReadEverythingAsync(tx => tx.ManyAsync($"SELECT * FROM {table}", row =>
            {
                for (var column = 0; column < row.FieldCount; column++)
                {
                    all.AddRange(row.GetValue(column) switch
                    {
                        byte[] bytes => bytes,
                        var value => Encoding.UTF8.GetBytes(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!),
                    });
                }

                return table;
            }));
        }

        return [.. all];
    }

    private static bool Contains(byte[] stored, string text) => stored.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        var changed = bytes.ToArray();
        changed[bit / 8] ^= (byte)(1 << (bit % 8));
        return changed;
    }
}
