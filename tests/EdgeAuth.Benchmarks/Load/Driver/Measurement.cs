using System.Globalization;

namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>One contender in one round: requests a second, latencies in microseconds, CPU seconds per 10,000 requests of its processes and of Redis, MiB.</summary>
internal sealed record Measurement(int Round, int Connections, string Name, double Rate, double P50, double P99, double Cpu, double RedisCpu, double Memory)
{
    /// <summary>A line of a file of rows.</summary>
    public string ToLine() => string.Join('\t', new object[] { Round, Connections, Name, Rate, P50, P99, Cpu, RedisCpu, Memory }.Select(static value => Convert.ToString(value, CultureInfo.InvariantCulture)));

    public static Measurement Parse(string line)
    {
        var fields = line.Split('\t');
        double Figure(int i) => double.Parse(fields[i], CultureInfo.InvariantCulture);
        return new Measurement((int)Figure(0), (int)Figure(1), fields[2], Figure(3), Figure(4), Figure(5), Figure(6), Figure(7), Figure(8));
    }
}
