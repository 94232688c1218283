using EdgeAuth.Benchmarks.Load.Driver;

namespace EdgeAuth.Benchmarks.Load.Parts;

/// <summary>haproxy with two threads.</summary>
internal sealed class HaproxyPart(IReadOnlyList<Part> needs) : Part("haproxy")
{
    public override IReadOnlyList<Part> Needs => needs;

    public override string? Missing(Stage stage) => Command("haproxy");

    protected override async Task<RunningProcess> RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        var process = stage.Start(Name, NoVariables, "haproxy", "-db", "-f", stage.Render("haproxy.cfg"));
        await stage.WaitAsync(process, ["haproxy-map", "haproxy-jwt"], words: null, cancellationToken);
        return process;
    }
}
