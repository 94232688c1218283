using EdgeAuth.Benchmarks.Load.Driver;

namespace EdgeAuth.Benchmarks.Load.Parts;

/// <summary>A reverse proxy of Go's standard library with the same policy in process.</summary>
internal sealed class GoPart(IReadOnlyList<Part> needs) : Part("go")
{
    public override IReadOnlyList<Part> Needs => needs;

    public override string? Missing(Stage stage) => Exists(Program(stage), "golang-go");

    protected override async Task<RunningProcess> RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        var process = stage.Start(Name, NoVariables, Program(stage), $"127.0.0.1:{stage.Port("go")}", stage.Address("upstream"), stage.File("tokens"));
        await stage.WaitAsync(process, ["go"], words: null, cancellationToken);
        return process;
    }

    private static string Program(Stage stage) => Path.Combine(stage.Tools, "go-proxy");
}
