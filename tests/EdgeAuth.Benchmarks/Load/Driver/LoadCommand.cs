using System.CommandLine;
using EdgeAuth.Benchmarks.Load.Hard;

namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary><c>load</c>: the side-by-side comparison; load.sh runs it.</summary>
internal static class LoadCommand
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var command = new Command("load", "Runs the contenders side by side under the same load and reports ratios");
        LoadOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => GuardAsync(() => CompareAsync(LoadOptions.Read(parsed), cancellationToken)));
        var latency = new Command("latency", "Measures what EdgeAuth adds to bare YARP's latency at half load");
        latency.SetAction((parsed, cancellationToken) => GuardAsync(() => LatencyAsync(LoadOptions.Read(parsed), cancellationToken)));
        command.Add(latency);
        var hard = new Command("hard", "Measures EdgeAuth, its variants and bare YARP where a fast transport may starve; --only chooses scenarios");
        hard.SetAction((parsed, cancellationToken) => GuardAsync(() => HardAsync(LoadOptions.Read(parsed), cancellationToken)));
        command.Add(hard);
        var root = new RootCommand { command };
        // Whoever interrupts gets a machine on which nothing runs on.
        return await root.Parse(["load", .. arguments]).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
    }

    private static async Task CompareAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        var earlier = await Rows.ReadAsync(options.Rows, cancellationToken);
        await using var stage = new Stage(options.Tools, options.Port);
        var contenders = new Contenders(stage, options.Variants);
        var lineUp = await LineUp.StartAsync(stage, contenders, options.Only, cancellationToken);
        var measured = await new LoadRun(stage, contenders, options).RunAsync(lineUp, new Rows(earlier).NextRound, cancellationToken);
        await PrintAsync(options, Report.Write([.. earlier, .. measured], contenders.All, lineUp.LeftOut, await Machine.ReadAsync(cancellationToken), options.Seconds), cancellationToken);
    }

    private static async Task LatencyAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        await using var stage = new Stage(options.Tools, options.Port);
        var contenders = new Contenders(stage, options.Variants);
        var only = options.Only ?? [Contenders.Yarp, Contenders.EdgeAuth, .. options.Variants.Select(static variant => variant.Name)];
        var lineUp = await LineUp.StartAsync(stage, contenders, only, cancellationToken);
        await PrintAsync(options, await new LatencyRun(stage, options).RunAsync(lineUp, await Machine.ReadAsync(cancellationToken), cancellationToken), cancellationToken);
    }

    private static async Task HardAsync(LoadOptions options, CancellationToken cancellationToken)
    {
        await using var stage = new Stage(options.Tools, options.Port);
        await PrintAsync(options, await new HardRun(stage, options).RunAsync(await Machine.ReadAsync(cancellationToken), cancellationToken), cancellationToken);
    }

    private static async Task PrintAsync(LoadOptions options, string report, CancellationToken cancellationToken)
    {
        if (options.Out is null)
        {
            Console.Out.Write(report);
        }
        else
        {
            await File.WriteAllTextAsync(options.Out, report, cancellationToken);
        }
    }

    private static async Task<int> GuardAsync(Func<Task> run)
    {
        try
        {
            await run();
            return 0;
        }
        catch (LoadException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("interrupted");
            return 130;
        }
    }
}
