using BenchmarkDotNet.Running;
using EdgeAuth.Benchmarks.Load;

// micro [--filter ...]: benchmarks of single steps. upstream, yarp, gateway: the processes that load.sh drives.
return args switch
{
    ["upstream", var url] => await StaticUpstream.RunAsync(url),
    ["yarp", var url, var upstream] => await BareYarp.RunAsync(url, upstream),
    ["gateway", var url, var upstream, var tokens, .. var settings] => await EnforcingGateway.RunAsync(url, upstream, tokens, settings),
    ["tokens", .. var rest] => await EdgeAuth.Benchmarks.Issue.TokenLoad.RunAsync(rest),
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
    Console.Error.WriteLine("usage: micro [BenchmarkDotNet arguments] | upstream URL | yarp URL UPSTREAM | gateway URL UPSTREAM TOKENS_FILE [settings]");
    return 2;
}
