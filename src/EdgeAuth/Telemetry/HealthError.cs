namespace EdgeAuth.Telemetry;

/// <summary>Why a node is not ready, as a status message.</summary>
internal sealed record HealthError(string Status, string Message);
