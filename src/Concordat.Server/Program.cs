using System.Data.Common;
using System.Net.Sockets;
using Concordat.Server.Hosting;
using Concordat.Server.Hosting.Configuration;
using Concordat.Server.Sandbox;
using Concordat.Server.Storage;

// Exit codes: 0 ended as asked, 1 could not run, 2 the command line is wrong, 3 configuration or database are unsafe.
try
{
    var line = CommandLine.Parse(args);
    return line.Command switch
    {
        "sandbox" => await SandboxHost.RunAsync(ServerOptions.ForSandbox(line)),
        "serve" => await ProductionHost.RunAsync(SettingsOf(line)),
        _ => await Administration.RunAsync(line, SettingsOf(line), Console.Out),
    };
}
catch (UsageException error)
{
    return Complain(error.Message, 2);
}
catch (Exception error) when (error is UnsafeDatabaseException or UnsafeConfigurationException)
{
    return Complain(error.Message, 3);
}
catch (DbException error)
{
    return Complain($"The database cannot be used: {error.Message}", 1);
}
catch (Exception error) when (error is IOException or SocketException or UnauthorizedAccessException)
{
    return Complain(error.Message, 1);
}

static Settings SettingsOf(CommandLine line) => Settings.Read(line, Environment.GetEnvironmentVariables(), TimeProvider.System);

static int Complain(string text, int code)
{
    Console.Error.WriteLine(text);
    return code;
}
