using BenchmarkDotNet.Running;
using EdgeAuth.Benchmarks.Load;
using EdgeAuth.Benchmarks.Load.Driver;

// micro [--filter ...]: benchmarks of single steps. load: the comparison that load.sh runs, which starts the other two.
return args switch
{
    ["load", .. var rest] => await LoadCommand.RunAsync(rest),
    ["upstream", var url] => await StaticUpstream.RunAsync(url),
    ["yarp", var url, var upstream] => await BareYarp.RunAsync(url, upstream),
    ["micro", .. var rest] => Micro(rest),
    _ => Usage(),
};

static int Micro(string[] arguments)
{
    BenchmarkSwitcher.FromAssembly(typeof(BareYarp).Assembly).Run(arguments.Length == 0 ? ["--filter", "*"] : arguments);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: micro [BenchmarkDotNet arguments] | load [options] | yarp URL UPSTREAM | upstream URL");
    return 2;
}
