using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Concordat.Server.Hosting;

/// <summary>
/// Sends traces and metrics by OTLP, when OpenTelemetry's own variables ask for it. Disposing it sends what is left.
/// </summary>
internal sealed class TelemetryExport(TracerProvider traces, MeterProvider metrics) : IDisposable
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";

    /// <summary>Null, and no cost at all, without an endpoint.</summary>
    public static TelemetryExport? StartIfAsked(Parts parts, Identity.Authentication authentication)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(EndpointVariable)))
        {
            return null;
        }

        Telemetry.Observe(parts, authentication);
        return new TelemetryExport(
            Sdk.CreateTracerProviderBuilder().AddSource(Telemetry.Name).ConfigureResource(Describe).AddOtlpExporter(Choose).Build(),
            Sdk.CreateMeterProviderBuilder().AddMeter(Telemetry.Name).ConfigureResource(Describe).AddOtlpExporter(Choose).Build());
    }

    public void Dispose()
    {
        traces.Dispose();
        metrics.Dispose();
    }

    private static void Describe(ResourceBuilder resource) => resource.AddService("concordat");

    // The specification's default; the package's own is gRPC.
    private static void Choose(OtlpExporterOptions otlp)
    {
        if (Environment.GetEnvironmentVariable(ProtocolVariable) is null)
        {
            otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
        }
    }
}
