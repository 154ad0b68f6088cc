using Concordat.Server.Hosting;
using Concordat.Server.Sandbox;
using Concordat.Server.Storage;

// Exit codes: 0 ended as asked, 1 could not run, 2 the command line is wrong, 3 the configuration is unsafe.
try
{
    var options = ServerOptions.Parse(args);
    using var logs = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning));
    await using var parts = await Parts.OpenAsync(options, logs, CancellationToken.None);
    return options.Command switch
    {
        "migrate" => Say("The schema is up to date."),
        "check" => Say("The configuration and the database can be used."),
        "sandbox" => await SandboxHost.RunAsync(options, parts, args),
        _ => await ProductionHost.RunAsync(options, parts, args),
    };
}
catch (UsageException error)
{
    return Complain(error.Message, 2);
}
catch (UnsafeDatabaseException error)
{
    return Complain(error.Message, 3);
}
catch (UnsafeConfigurationException error)
{
    return Complain(error.Message, 3);
}

static int Say(string text)
{
    Console.WriteLine(text);
    return 0;
}

static int Complain(string text, int code)
{
    Console.Error.WriteLine(text);
    return code;
}
