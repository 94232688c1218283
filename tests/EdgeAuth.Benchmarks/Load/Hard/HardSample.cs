namespace EdgeAuth.Benchmarks.Load.Hard;

/// <summary>One contender in one scenario and round: requests a second, milliseconds, CPU seconds per 10,000 requests (with what goes on beside in it), and how much did, requests a second.</summary>
internal sealed record HardSample(int Round, string Scenario, string Name, double Rate, double P50, double P99, double P999, double Cpu, double Beside);
