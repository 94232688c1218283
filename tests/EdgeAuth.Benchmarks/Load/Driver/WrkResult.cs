namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>What was counted; latencies in microseconds.</summary>
internal sealed record WrkResult(long Requests, double Seconds, long Refused, long Broken, double P50, double P99, double P999);
