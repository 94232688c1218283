using System.Collections.Frozen;
using EdgeAuth.Catalog.Descriptions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EdgeAuth.Telemetry;

/// <summary>
/// Collects the meters of the gateway and of the server, and sends metrics and traces by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.
/// </summary>
internal sealed class TelemetryService : IHostedService, IDisposable
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Meters =
    [
        "EdgeAuth.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime",
    ];

    private const string UpstreamDuration = "http.client.request.duration";

    // Counted up and down several times a request, they cost more than the gateway's own work and say little that durations do not.
    private static readonly FrozenSet<string> Costly = FrozenSet.Create(
        StringComparer.Ordinal,
        "http.server.active_requests",
        "http.client.active_requests",
        "http.client.open_connections",
        "http.client.request.time_in_queue");

    private readonly IConfiguration _configuration;
    private readonly TelemetryOptions _options;
    private readonly PrometheusWriter _writer = new();
    private readonly Lock _collecting = new();
    private BaseExportingMetricReader? _reader;
    private MeterProvider? _meters;
    private TracerProvider? _traces;

    public TelemetryService(IConfiguration configuration, IOptions<TelemetryOptions> options) => (_configuration, _options) = (configuration, options.Value);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var otlp = !string.IsNullOrEmpty(_configuration[OtlpEndpoint]);
        if (!otlp && !_options.Metrics)
        {
            return Task.CompletedTask;
        }

        _reader = new BaseExportingMetricReader(_writer);
        var meters = Sdk.CreateMeterProviderBuilder().ConfigureResource(Describe).AddMeter(Meters)
            .AddView(instrument => IsCollected(instrument.Name) ? null : MetricStreamConfiguration.Drop)
            .AddReader(_reader);
        _meters = (otlp ? meters.AddOtlpExporter() : meters).Build();
        if (otlp)
        {
            _traces = Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(Describe)
                .AddSource("Microsoft.AspNetCore", "System.Net.Http", "Yarp.ReverseProxy")
                .AddOtlpExporter()
                .Build();
        }

        return Task.CompletedTask;
    }

    /// <summary>Collects now, and gives the result in Prometheus's text format.</summary>
    public string Collect()
    {
        lock (_collecting)
        {
            _reader?.Collect();
            return _writer.Text;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _meters?.Dispose();
        _traces?.Dispose();
        _reader?.Dispose();
        _writer.Dispose();
    }

    private bool IsCollected(string instrument) => !Costly.Contains(instrument) && (_options.UpstreamDurations || !string.Equals(instrument, UpstreamDuration, StringComparison.Ordinal));

    private static void Describe(ResourceBuilder resource) => resource.AddService("edgeauth", serviceVersion: ProductVersion.Text);
}
