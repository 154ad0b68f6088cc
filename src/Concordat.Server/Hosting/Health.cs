using Concordat.Server.Storage;

namespace Concordat.Server.Hosting;

/// <summary>Liveness (the process answers) and readiness (it can read its database and is not stopping).</summary>
internal static class Health
{
    public static void Map(IEndpointRouteBuilder routes, Parts parts, IHostApplicationLifetime lifetime)
    {
        routes.MapGet("/health/live", () => Results.Text("alive"));
        routes.MapGet("/health/ready", async () =>
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                return Results.Text("stopping", statusCode: 503);
            }

            try
            {
                await parts.Database.ReadAsync(tx => SettingRows.FindAsync(tx, "ready"));
                return Results.Text("ready");
            }
            catch (System.Data.Common.DbException)
            {
                return Results.Text("the database does not answer", statusCode: 503);
            }
        });
    }
}
