using System.CommandLine;
using EdgeAuth.Gateway.Commands;

var root = new RootCommand("EdgeAuth: a policy gateway on YARP. Tokens, rights, rate limits and quotas enforced in front of your APIs.")
{
    ServeCommand.Create(),
    CheckCommand.Create(),
    DemoCommand.Create(),
    HealthCommand.Create(),
};

// Signals belong to the host, which lets requests in flight end; the parser would cut them off after two seconds.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
