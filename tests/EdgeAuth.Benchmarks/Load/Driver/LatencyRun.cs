using System.Globalization;
using System.Text;

namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>What EdgeAuth adds to the latency of bare YARP where neither is short of processors: both at half of the rate at which bare YARP is saturated.</summary>
internal sealed class LatencyRun(Stage stage, LoadOptions options)
{
    private const int Connections = 64;

    // A thousand keys that rested have no leases; until they have, their requests wait for the store, and with an open loop for each other.
    private const int ShortestLead = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public async Task<string> RunAsync(LineUp lineUp, Machine machine, CancellationToken cancellationToken)
    {
        using var check = new Check();
        foreach (var contender in lineUp.Contenders)
        {
            await check.RunAsync(stage, contender, cancellationToken);
            await Wrk.RunAsync(stage, contender, Connections, Math.Max(1, contender.Part.WarmUps * options.Warm), cancellationToken);
        }

        var rate = options.Rate ?? await SaturatedAsync(lineUp, cancellationToken) / 2;
        var samples = new List<LatencySample>();
        for (var round = 0; round <= options.Rounds; round++)
        {
            var turns = lineUp.Contenders.ToArray();
            Random.Shared.Shuffle(turns);
            foreach (var contender in turns)
            {
                await check.RunAsync(stage, contender, cancellationToken);
                var sample = await Task.Factory.StartNew(() => Measure(contender, round, rate), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                // The first round is this program's own warm-up.
                if (round > 0)
                {
                    samples.Add(sample);
                    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}: {contender.Name,-20} {sample.Rate,8:0}/s  p50 {sample.P50:0} us  p99 {sample.P99:0} us"));
                }

                await Task.Delay(Pause, cancellationToken);
            }
        }

        return Write(samples, lineUp.Contenders, rate, machine);
    }

    private async Task<double> SaturatedAsync(LineUp lineUp, CancellationToken cancellationToken)
    {
        var yarp = lineUp.Contenders.FirstOrDefault(static contender => contender.Name == Contenders.Yarp) ?? throw new LoadException("Without bare YARP among the contenders the rate must be given.");
        var result = await Wrk.RunAsync(stage, yarp, Connections, options.Seconds, cancellationToken);
        return result.Requests / result.Seconds;
    }

    private LatencySample Measure(Contender contender, int round, double rate)
    {
        var credentials = File.ReadLines(stage.File(contender.Credentials)).Select(credential => contender.Scheme + credential);
        using var loop = new OpenLoop(stage.Port(contender.Port), contender.Path, credentials, Connections);
        var latencies = loop.Run(rate, TimeSpan.FromSeconds(Math.Max(ShortestLead, options.Lead)), TimeSpan.FromSeconds(options.Seconds));
        return new LatencySample(round, contender.Name, latencies.Length / (double)options.Seconds, latencies[latencies.Length / 2], latencies[(int)(latencies.Length * 0.99)]);
    }

    private string Write(List<LatencySample> samples, IReadOnlyList<Contender> contenders, double rate, Machine machine)
    {
        var text = new StringBuilder().AppendLine(machine.ToString()).AppendLine()
            .AppendLine(string.Create(CultureInfo.InvariantCulture, $"**{rate:0} requests/s**, half of what saturates bare YARP, as a Poisson stream over {Connections} connections; {options.Rounds} interleaved rounds of {options.Seconds} s"))
            .AppendLine()
            .AppendLine("| contender | req/s | p50 us | p99 us | added p50 us | added p99 us |")
            .AppendLine("|---|---:|---:|---:|---:|---:|");
        foreach (var name in contenders.Select(static contender => contender.Name))
        {
            var own = samples.Where(sample => sample.Name == name).ToList();
            string Median(Func<LatencySample, double> figure) => Statistics.Median(own.Select(figure)).ToString("0", CultureInfo.InvariantCulture);
            text.AppendLine($"| {name} | {Median(static sample => sample.Rate)} | {Median(static sample => sample.P50)} | {Median(static sample => sample.P99)}"
                + $" | {Added(samples, name, static sample => sample.P50)} | {Added(samples, name, static sample => sample.P99)} |");
        }

        return text.AppendLine().AppendLine("Added: median of the differences to bare YARP within a round, and where the true median lies with 95 % (with fewer than six rounds: least and greatest). To reach: at most 20 and 100.").ToString();
    }

    private static string Added(List<LatencySample> samples, string name, Func<LatencySample, double> figure)
    {
        var differences = samples.Where(sample => sample.Name == name)
            .SelectMany(sample => samples.Where(other => other.Name == Contenders.Yarp && other.Round == sample.Round).Select(other => figure(sample) - figure(other)))
            .ToList();
        var (low, high) = Statistics.Interval(differences);
        return differences.Count == 0 || name == Contenders.Yarp ? "" : string.Create(CultureInfo.InvariantCulture, $"{Statistics.Median(differences):0} ({low:0}–{high:0})");
    }

    private sealed record LatencySample(int Round, string Name, double Rate, double P50, double P99);
}
