using EdgeAuth.Benchmarks.Load.Driver;

namespace EdgeAuth.Benchmarks.Load.Parts;

/// <summary>The Redis of all that use one, with the tokens in it that Lua asks for.</summary>
internal sealed class RedisPart() : Part("redis")
{
    public override string? Missing(Stage stage) => Command("redis-server") ?? Command("redis-cli");

    protected override async Task<RunningProcess> RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        var process = stage.Start(Name, NoVariables, "redis-server", stage.Render("redis.conf"));
        await stage.WaitAsync(process, ["redis"], "Ready to accept", cancellationToken);
        await ShortCommand.RunAsync("sh", ["-c", $"redis-cli -p {stage.Port("redis")} < '{stage.File("tokens.redis")}'"], cancellationToken);
        return process;
    }
}
