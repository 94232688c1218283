namespace EdgeAuth.Telemetry;

/// <summary>What the gateway tells of itself: the section <c>EdgeAuth:Telemetry</c>. A change needs a restart.</summary>
public sealed class TelemetryOptions
{
    /// <summary>How log lines look: <c>plain</c> or <c>json</c>.</summary>
    public string LogFormat { get; set; } = "plain";

    /// <summary>Serve <c>/metrics</c>.</summary>
    public bool Metrics { get; set; } = true;

    /// <summary>
    /// Measure how long upstreams take to begin their answers, as <c>http.client.request.duration</c>. It costs about a fiftieth of a request.
    /// </summary>
    public bool UpstreamDurations { get; set; }

    /// <summary>The file that audit events are appended to, relative to the working directory; empty for none.</summary>
    public string AuditFile { get; set; } = "";
}
