using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.SignIn;

namespace Concordat.Server.Tests.SignIn;

public sealed class ClientProofTests
{
    private static readonly Guid Client = new("44444444-4444-4444-8444-444444444444");
    private static readonly Uri Endpoint = new("https://login.microsoftonline.com/organizations/oauth2/v2.0/token");
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void AddTo_Secret_SendsIt()
    {
        Dictionary<string, string> form = [];

        new ClientProof("s3cret").AddTo(form, Client, Endpoint, new IdSource(TimeProvider.System), Now);

        Assert.Equal([new("client_secret", "s3cret")], form);
    }

    [Fact]
    public void AddTo_Certificate_SendsAnAssertionThatItsKeySigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=concordat", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(Now, Now.AddDays(1));
        Dictionary<string, string> form = [];

        new ClientProof(certificate).AddTo(form, Client, Endpoint, new IdSource(TimeProvider.System), Now);

        Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", form["client_assertion_type"]);
        var parts = form["client_assertion"].Split('.');
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
        var header = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!;
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        Assert.Equal("PS256", header["alg"]!.GetValue<string>());
        Assert.Equal(Base64Url.EncodeToString(SHA256.HashData(certificate.RawData)), header["x5t#S256"]!.GetValue<string>());
        Assert.Equal((Endpoint.AbsoluteUri, Client.ToString("D"), Client.ToString("D")),
            (claims["aud"]!.GetValue<string>(), claims["iss"]!.GetValue<string>(), claims["sub"]!.GetValue<string>()));
        Assert.Equal(300, claims["exp"]!.GetValue<long>() - claims["nbf"]!.GetValue<long>());
    }
}
