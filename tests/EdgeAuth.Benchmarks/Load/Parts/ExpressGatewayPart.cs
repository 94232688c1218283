using System.Globalization;
using EdgeAuth.Benchmarks.Load.Driver;

namespace EdgeAuth.Benchmarks.Load.Parts;

/// <summary>express-gateway with key authentication and its rate limit; keys and counters are in Redis.</summary>
internal sealed class ExpressGatewayPart(IReadOnlyList<Part> needs) : Part("express-gateway")
{
    public override IReadOnlyList<Part> Needs => needs;

    // Measured: it still gets faster after ten seconds.
    public override int WarmUps => 3;

    public override string? Missing(Stage stage) => Command("node") ?? Exists(Path.Combine(Modules(stage), Name), "express-gateway");

    protected override async Task<RunningProcess> RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(stage.Render("express-gateway/gateway.config.yml"))!;
        stage.Render("express-gateway/system.config.yml");
        var models = Directory.CreateDirectory(Path.Combine(folder, "models"));
        foreach (var model in Directory.EnumerateFiles(Path.Combine(Modules(stage), Name, "lib", "config", "models")))
        {
            File.Copy(model, Path.Combine(models.FullName, Path.GetFileName(model)));
        }

        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["NODE_PATH"] = Modules(stage),
            ["NODE_ENV"] = "production",
            ["LOG_LEVEL"] = "error",
            ["EG_CONFIG_DIR"] = folder,
            ["EG_KEYS"] = stage.File("tokens.express-gateway"),
            ["EG_ADMIN"] = stage.Port("express-gateway-admin").ToString(CultureInfo.InvariantCulture),
        };
        var process = stage.Start(Name, environment, "node", Path.Combine(Stage.Peers, Name, "server.js"));
        await stage.WaitAsync(process, [Name], "SEEDED", cancellationToken);
        return process;
    }

    private static string Modules(Stage stage) => Path.Combine(stage.Tools, "express-gateway", "node_modules");
}
