using System.Globalization;
using Concordat.Core.Policy;

namespace Concordat.Core.Tests.Policy;

/// <summary>
/// The golden files hold the texts as Microsoft publishes them and end without a line break: 900428 from the page on confirming
/// the customer's acceptance (reference source 001_6d5b82e09999d33e), 13605 from the table of REST error codes (domain C.4).
/// </summary>
public sealed class RefusalTextTests
{
    [Theory]
    [InlineData(RefusalCode.Outdated)]
    [InlineData(RefusalCode.NothingOnRecord)]
    public void Of_ACode_IsThePublishedTextByteForByte(RefusalCode code)
    {
        var number = ((int)code).ToString(CultureInfo.InvariantCulture);
        Assert.Equal(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", $"refusal-{number}.txt")),
            System.Text.Encoding.UTF8.GetBytes(RefusalText.Of(code)));
    }
}
