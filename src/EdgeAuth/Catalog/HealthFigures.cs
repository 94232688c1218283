namespace EdgeAuth.Catalog;

/// <summary>Averages of one API over the last seconds (spec/tyk.md f.6).</summary>
/// <param name="ThrottledPerSecond">Requests that a rate refused.</param>
/// <param name="QuotaViolationsPerSecond">Requests that a quota refused.</param>
/// <param name="KeyFailuresPerSecond">Requests whose credential is not good.</param>
/// <param name="UpstreamLatency">Milliseconds from forwarding a request until its answer began.</param>
/// <param name="RequestsPerSecond">Requests that passed.</param>
internal readonly record struct HealthFigures(
    double ThrottledPerSecond, double QuotaViolationsPerSecond, double KeyFailuresPerSecond, double UpstreamLatency, double RequestsPerSecond);
