using System.CommandLine;
using EdgeAuth.Gateway.Commands;

var root = new RootCommand("EdgeAuth: a policy gateway on YARP. Tokens, rights, rate limits and quotas enforced in front of your APIs.")
{
    ServeCommand.Create(),
    CheckCommand.Create(),
    DemoCommand.Create(),
    HealthCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
