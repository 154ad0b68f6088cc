using System.Buffers.Binary;
using Concordat.Server.Hosting;

namespace Concordat.Server.Background.Mails;

/// <summary>How many, how fast, how often again.</summary>
internal sealed record MailPace
{
    // A server that greylists for ten minutes has the mail at the fourth try, a quarter of an hour after the first.
    private static readonly TimeSpan[] Pauses =
        [.. ((int[])[1, 2, 4, 8, 15, 30, 60, 120, 240]).Select(minutes => TimeSpan.FromMinutes(minutes))];

    /// <summary>Connections to the mail server at once.</summary>
    public int Sessions { get; init; } = 4;

    /// <summary>
    /// Mails that may be between their last line and the durable note of the reply: what one kill can double at most. With
    /// more than one, a distant server is served faster.
    /// </summary>
    public int Unconfirmed { get; init; } = 1;

    /// <summary>How often an idle process looks for mails.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a claim holds. A mail is begun only while <see cref="Needed"/> of it is left.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(6);

    /// <summary>What one mail can take at worst: the sum of a session's limits.</summary>
    public TimeSpan Needed { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>How long a session without work stays open.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Mails in one session; servers like it bounded.</summary>
    public int MailsPerSession { get; init; } = 100;

    /// <summary>The longest pause before a server that was away is asked again.</summary>
    public TimeSpan LongestAway { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After this long past its due time, a mail that is still put off is given up.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(3);

    /// <summary>The pause before the next try, a fifth more or less, so that mails put off together do not come back together.</summary>
    public static TimeSpan PauseAfter(long tries, IdSource ids) => Jitter(Pauses[Math.Min(tries, Pauses.Length - 1)], ids);

    /// <summary>The time, a fifth more or less.</summary>
    public static TimeSpan Jitter(TimeSpan time, IdSource ids)
    {
        Span<byte> random = stackalloc byte[4];
        ids.Fill(random);
        return time * (0.8 + (0.4 * BinaryPrimitives.ReadUInt32BigEndian(random) / uint.MaxValue));
    }
}
