using Concordat.Server.Hosting;
using Concordat.Server.Tests.Campaigns;
using Concordat.Server.Tests.EndToEnd;
using Npgsql;

namespace Concordat.Server.Tests.Storage;

/// <summary>A real cluster of its own whose settings would lose what was acknowledged.</summary>
public sealed class UnsafeClusterTests : IAsyncLifetime
{
    private readonly string directory = Path.Combine(Path.GetTempPath(), $"concordat-cluster-{Guid.CreateVersion7():N}");
    private string connection = "";

    public async ValueTask InitializeAsync()
    {
        using var start = Child.Start(Path.Combine(Child.Root, "scripts", "postgres"), ["start", directory], []);
        Assert.Equal(0, await start.EndAsync());
        connection = new NpgsqlConnectionStringBuilder(start.Output.Trim()) { Pooling = false }.ConnectionString;
    }

    [Fact]
    public async Task Start_FsyncOrFullPageWritesOff_IsRefusedWithOneLineAndStatus3()
    {
        var data = Directory.CreateTempSubdirectory("concordat-test-").FullName;
        var options = new ServerOptions("sandbox", 0, data, new NpgsqlConnectionStringBuilder(connection) { Database = "concordat" }.ConnectionString, Fresh: false);
        foreach (var setting in (string[])["fsync", "full_page_writes"])
        {
            await SetAsync(setting, "off");
            var (exitCode, errors) = await ChildServer.RunAsync(options);
            Assert.Equal(3, exitCode);
            Assert.Matches($"^PostgreSQL runs with {setting}=off[^\n]*\n$", errors);
            await SetAsync(setting, "on");
        }

        // The same cluster with safe settings is taken.
        await using var server = new ChildServer(options);
        await server.StartAsync();
        Assert.Equal(0, await server.StopAsync());
        Directory.Delete(data, recursive: true);
    }

    public async ValueTask DisposeAsync()
    {
        using var stop = Child.Start(Path.Combine(Child.Root, "scripts", "postgres"), ["stop", directory], []);
        Assert.Equal(0, await stop.EndAsync());
        Directory.Delete(directory, recursive: true);
    }

    private async Task SetAsync(string setting, string value)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        foreach (var statement in (string[])[$"ALTER SYSTEM SET {setting} = {value}", "SELECT pg_reload_conf()"])
        {
            await using var command = source.CreateCommand(statement);
            await command.ExecuteNonQueryAsync();
        }

        // Every process of the cluster reads the file in its own time.
        await Until.TrueAsync(async () =>
        {
            await using var show = source.CreateCommand($"SHOW {setting}");
            return (string?)await show.ExecuteScalarAsync() == value;
        });
    }
}
