using System.Globalization;
using BenchmarkDotNet.Running;
using EdgeAuth.Benchmarks.Load;
using EdgeAuth.Benchmarks.Load.Driver;

// micro [--filter ...]: benchmarks of single steps. load: the comparison that load.sh runs, which starts the others.
return args switch
{
    ["load", .. var rest] => await LoadCommand.RunAsync(rest),
    ["upstream", var url] => await StaticUpstream.RunAsync(url),
    ["relay", var port, var target, var milliseconds] => await RedisRelay.RunAsync(Number(port), Number(target), TimeSpan.FromMilliseconds(double.Parse(milliseconds, CultureInfo.InvariantCulture))),
    ["yarp", var url, var upstream] => await BareYarp.RunAsync(url, upstream),
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
    Console.Error.WriteLine("usage: micro [BenchmarkDotNet arguments] | load [options] | yarp URL UPSTREAM | upstream URL | relay PORT TARGET_PORT MILLISECONDS");
    return 2;
}
