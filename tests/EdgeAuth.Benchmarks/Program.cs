using System.Globalization;
using BenchmarkDotNet.Running;
using EdgeAuth.Benchmarks.Issue;
using EdgeAuth.Benchmarks.Load;
using EdgeAuth.Benchmarks.Load.Driver;
using EdgeAuth.Benchmarks.Start;

// micro [--filter ...]: benchmarks of single steps. load: the comparison that load.sh runs, which starts the others.
return args switch
{
    ["load", .. var rest] => await LoadCommand.RunAsync(rest),
    ["upstream", var url] => await StaticUpstream.RunAsync(url),
    ["relay", var port, var target, var milliseconds] => await RedisRelay.RunAsync(Number(port), Number(target), TimeSpan.FromMilliseconds(double.Parse(milliseconds, CultureInfo.InvariantCulture))),
    ["yarp", var url, var upstream] => await BareYarp.RunAsync(url, upstream),
    ["start", var rounds, .. var programs] => await StartRun.RunAsync(Number(rounds), programs),
    ["reload", var definitions] => await ReloadRun.RunAsync(Number(definitions), "http://127.0.0.1:19902", "http://127.0.0.1:19903"),
    ["memory", var keys] => await MemoryRun.RunAsync(Number(keys)),
    ["tokens", .. var rest] => await TokenLoad.RunAsync(rest),
    ["micro", .. var rest] => Micro(rest),
    _ => Usage(),
};

static int Micro(string[] arguments)
{
    BenchmarkSwitcher.FromAssembly(typeof(BareYarp).Assembly).Run(arguments.Length == 0 ? ["--filter", "*"] : arguments);
    return 0;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static int Usage()
{
    Console.Error.WriteLine("usage: micro [BenchmarkDotNet arguments] | load [options] | yarp URL UPSTREAM | start ROUNDS PROGRAM... | reload DEFINITIONS | memory KEYS | tokens [options] | upstream URL | relay PORT TARGET_PORT MILLISECONDS");
    return 2;
}
