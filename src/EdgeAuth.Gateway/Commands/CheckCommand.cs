using System.CommandLine;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Reading;
using EdgeAuth.Gateway.Hosting;

namespace EdgeAuth.Gateway.Commands;

/// <summary><c>check</c>: validates a configuration directory and prints what would be served.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var config = CommonOptions.Config();
        var command = new Command("check", "Check a configuration directory and print what would be served; exit code 1 and every problem if it cannot be")
        {
            config,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, _) => StartupFailure.GuardAsync(async () =>
        {
            await using var app = GatewayHost.Build(
                CommonOptions.Chain(parsed.GetValue(config)!, parsed, urls: null),
                static builder => builder.Logging.ClearProviders());
            return await CheckAsync(app, Console.Out);
        }));
        return command;
    }

    internal static async Task<int> CheckAsync(WebApplication app, TextWriter output)
    {
        var problems = new ProblemList();
        var catalog = await app.Services.GetRequiredService<CatalogPreparation>().PrepareAsync(problems);
        OptionsCheck.Run(app, problems);
        foreach (var problem in problems.All.OrderByDescending(static problem => problem.Severity))
        {
            await output.WriteLineAsync(problem.ToString());
        }

        if (catalog is null || problems.HasErrors)
        {
            await output.WriteLineAsync($"{problems.ErrorCount} problem{(problems.ErrorCount == 1 ? "" : "s")}; nothing would be served");
            return 1;
        }

        foreach (var api in catalog.Apis.Values.OrderBy(static api => api.Id, StringComparer.Ordinal))
        {
            await output.WriteLineAsync($"api {api.Id}: {string.Join(" and ", api.Mounts.Select(static mount => mount + "/"))} to {ApiSummary.Target(api)}, {ApiSummary.Auth(api)}");
        }

        foreach (var policy in catalog.Policies.Keys.Order(StringComparer.Ordinal))
        {
            await output.WriteLineAsync($"policy {policy}");
        }

        foreach (var route in catalog.Routes.Where(static route => !route.RouteId.StartsWith("api:", StringComparison.Ordinal)))
        {
            await output.WriteLineAsync($"route {route.RouteId}: {route.Match.Path ?? "any path"} to cluster {route.ClusterId}");
        }

        await output.WriteLineAsync("ok");
        return 0;
    }
}
