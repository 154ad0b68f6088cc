using Concordat.Server.Tests;

[assembly: AssemblyFixture(typeof(Servers))]

namespace Concordat.Server.Tests;

/// <summary>
/// One shared server per engine for tests that make their own customers or do not mind others' rows. A test that moves
/// the clock or needs an untouched seed starts its own.
/// </summary>
public sealed class Servers : IAsyncDisposable
{
    private readonly Lazy<Task<TestServer>> sqlite = new(() => TestServer.StartAsync("sqlite"));
    private readonly Lazy<Task<TestServer>> postgres = new(() => TestServer.StartAsync("postgres"));

    /// <summary>Both engines, as theory data.</summary>
    public static TheoryData<string> Engines => ["sqlite", "postgres"];

    public Task<TestServer> GetAsync(string engine) => engine == "sqlite" ? sqlite.Value : postgres.Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in (Lazy<Task<TestServer>>[])[sqlite, postgres])
        {
            if (server.IsValueCreated)
            {
                await (await server.Value).DisposeAsync();
            }
        }
    }
}
