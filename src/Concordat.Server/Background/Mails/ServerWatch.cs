using Concordat.Server.Hosting;

namespace Concordat.Server.Background.Mails;

/// <summary>
/// Knows whether the mail server is there (a circuit breaker). While it is away no mail is claimed or counted as tried; after
/// a pause that doubles each time, one mail finds out.
/// </summary>
internal sealed class ServerWatch(MailPace pace, TimeProvider wall, IdSource ids)
{
    /// <summary>Connections that broke one after the other, with no mail between them, before the server counts as away.</summary>
    private const int BrokenLimit = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private readonly Lock sync = new();
    private int failures;
    private int broken;
    private DateTimeOffset closedUntil;

    /// <summary>True while the server is taken to be away.</summary>
    public bool Away
    {
        get
        {
            lock (sync)
            {
                return failures > 0;
            }
        }
    }

    /// <summary>How long nobody may ask; zero or less when one may.</summary>
    public TimeSpan Wait
    {
        get
        {
            lock (sync)
            {
                return failures == 0 ? TimeSpan.Zero : closedUntil - wall.GetUtcNow();
            }
        }
    }

    /// <summary>The server answered an offer, whatever it said.</summary>
    public void Answered()
    {
        lock (sync)
        {
            (failures, broken) = (0, 0);
        }
    }

    /// <summary>A connection broke under a mail. Answers true when the server counts as away from now on.</summary>
    public bool Broke()
    {
        lock (sync)
        {
            return ++broken >= BrokenLimit && Close();
        }
    }

    /// <summary>No connection could be had. Answers true when that is news.</summary>
    public bool Failed()
    {
        lock (sync)
        {
            return Close();
        }
    }

    private bool Close()
    {
        var now = wall.GetUtcNow();
        // Sessions that fail together fail once.
        if (failures > 0 && now < closedUntil)
        {
            return false;
        }

        var pause = FirstPause * Math.Pow(2, Math.Min(failures, 16));
        closedUntil = now + MailPace.Jitter(pause < pace.LongestAway ? pause : pace.LongestAway, ids);
        return ++failures == 1;
    }
}
