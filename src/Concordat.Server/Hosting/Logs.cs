namespace Concordat.Server.Hosting;

/// <summary>
/// How this process logs: JSON lines in production, one-line texts in the sandbox, both on standard output. JSON escapes
/// line breaks, so that nothing a client sends can forge a line.
/// </summary>
internal static class Logs
{
    public static ILoggerFactory Create(bool json, LogLevel level) => LoggerFactory.Create(logging =>
    {
        Filter(logging, level);
        if (json)
        {
            logging.AddJsonConsole(console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        }
        else
        {
            logging.AddSimpleConsole(console => console.SingleLine = true);
        }
    });

    /// <summary>Our own events from <paramref name="level"/> on; of the framework only what went wrong.</summary>
    public static void Filter(ILoggingBuilder logging, LogLevel level)
    {
        logging.SetMinimumLevel(level);
        logging.AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning);
        // What it says, a failed start, is printed as one line (Program.cs).
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.AddFilter("System", level > LogLevel.Warning ? level : LogLevel.Warning);
    }
}
