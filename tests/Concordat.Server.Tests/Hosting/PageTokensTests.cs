using Concordat.Core;
using Concordat.Server.Hosting;
using FsCheck;
using FsCheck.Fluent;

namespace Concordat.Server.Tests.Hosting;

public class PageTokensTests
{
    private static readonly PartnerId Partner = new(new Guid("0f3c1b52-8f7e-4c1c-9a53-1f0f2b0c9d11"));

    private readonly PageTokens tokens = new(new byte[32]);

    [Fact]
    public void Read_OwnToken_GivesTheBytesBack() => Prop.ForAll<byte[]>(place =>
        place.Length == 0 || tokens.Read(Partner, "list", tokens.Create(Partner, "list", place)).AsSpan().SequenceEqual(place)).QuickCheckThrowOnFailure();

    [Fact]
    public void Read_AnyCharacterChanged_GivesNothing()
    {
        var token = tokens.Create(Partner, "list", "a place"u8);
        for (var i = 0; i < token.Length - 1; i++)
        {
            Assert.Null(tokens.Read(Partner, "list", token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..]));
        }
    }

    [Fact]
    public void Read_OtherPartnerListOrKey_GivesNothing()
    {
        var token = tokens.Create(Partner, "list", "a place"u8);
        Assert.Null(tokens.Read(new PartnerId(Guid.Empty), "list", token));
        Assert.Null(tokens.Read(Partner, "other list", token));
        Assert.Null(new PageTokens([.. Enumerable.Repeat((byte)1, 32)]).Read(Partner, "list", token));
    }

    [Fact]
    public void Read_AnyText_NeverThrows() => Prop.ForAll<string>(text => tokens.Read(Partner, "list", text ?? "") is null).QuickCheckThrowOnFailure();
}
