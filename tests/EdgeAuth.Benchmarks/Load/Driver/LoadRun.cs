using System.Globalization;

namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>Rounds in which every contender has its turn, in an order that each round draws anew.</summary>
internal sealed class LoadRun(Stage stage, Contenders contenders, LoadOptions options)
{
    // For what one contender leaves behind to be over before the next one's turn.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public async Task<IReadOnlyList<Measurement>> RunAsync(LineUp lineUp, int firstRound, CancellationToken cancellationToken)
    {
        using var check = new Check();
        foreach (var contender in lineUp.Contenders)
        {
            await check.RunAsync(stage, contender, cancellationToken);
            await Wrk.RunAsync(stage, contender, options.Connections[0], Math.Max(1, contender.Part.WarmUps * options.Warm), cancellationToken);
        }

        var measurements = new List<Measurement>();
        for (var round = firstRound; round < firstRound + options.Rounds; round++)
        {
            foreach (var connections in options.Connections)
            {
                var turns = lineUp.Contenders.ToArray();
                Random.Shared.Shuffle(turns);
                foreach (var contender in turns)
                {
                    await check.RunAsync(stage, contender, cancellationToken);
                    measurements.Add(await MeasureAsync(contender, round, connections, cancellationToken));
                    Say(measurements[^1]);
                    if (options.Rows is not null)
                    {
                        await File.AppendAllLinesAsync(options.Rows, [measurements[^1].ToLine()], cancellationToken);
                    }

                    await Task.Delay(Pause, cancellationToken);
                }
            }
        }

        return measurements;
    }

    private async Task<Measurement> MeasureAsync(Contender contender, int round, int connections, CancellationToken cancellationToken)
    {
        // Whoever had no turn for half a minute has closed connections and given leases back; that is a start, and not what is compared.
        if (options.Lead > 0)
        {
            await Wrk.RunAsync(stage, contender, connections, options.Lead, cancellationToken);
        }

        var (cpu, redis) = (contender.Part.Process.Cpu(), RedisCpu());
        var result = await Wrk.RunAsync(stage, contender, connections, options.Seconds, cancellationToken);
        double PerTenThousand(double seconds) => seconds / result.Requests * 10_000;
        return new Measurement(round, connections, contender.Name, result.Requests / result.Seconds, result.P50, result.P99,
            PerTenThousand(contender.Part.Process.Cpu() - cpu), PerTenThousand(RedisCpu() - redis), contender.Part.Process.Memory());
    }

    private double RedisCpu() => contenders.Redis.IsStarted ? contenders.Redis.Process.Cpu() : 0;

    private static void Say(Measurement m) => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"round {m.Round}, {m.Connections} connections: {m.Name,-20} {m.Rate,8:0}/s  p50 {m.P50 / 1000:0.00} ms  p99 {m.P99 / 1000:0.00} ms  CPU {m.Cpu:0.000} s/10k  {m.Memory:0} MiB"));
}
