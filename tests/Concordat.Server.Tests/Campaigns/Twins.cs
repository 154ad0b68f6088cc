namespace Concordat.Server.Tests.Campaigns;

/// <summary>A client that does as it is told when the first request with its id is still being carried out.</summary>
internal static class Twins
{
    public static bool IsInFlight(Answer answer) => answer.Status == 409 && answer.Code == 800064;

    /// <summary>Repeats the request after Retry-After until it is answered.</summary>
    public static async Task<Answer> SettleAsync(Answer answer, Func<Task<Answer>> again)
    {
        for (var round = 0; IsInFlight(answer); round++)
        {
            Assert.InRange(round, 0, 20);
            Assert.Equal("1", answer.Headers["Retry-After"]);
            // Some scatter, as many twins that come back at once are in each other's way again.
            await Task.Delay(TimeSpan.FromMilliseconds(1000 + Random.Shared.Next(300)));
            answer = await again();
        }

        return answer;
    }
}
