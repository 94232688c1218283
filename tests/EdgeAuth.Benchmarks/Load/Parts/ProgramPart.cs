using EdgeAuth.Benchmarks.Load.Driver;

namespace EdgeAuth.Benchmarks.Load.Parts;

/// <summary>One of this program's own processes, run as a new web project would be.</summary>
internal sealed class ProgramPart(string name, IReadOnlyList<Part> needs, Func<Stage, IEnumerable<string>> arguments) : Part(name)
{
    public override IReadOnlyList<Part> Needs => needs;

    protected override async Task<RunningProcess> RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        var process = stage.Start(Name, NoVariables, "dotnet", ["exec", "--runtimeconfig", stage.Render("yarp.runtimeconfig.json"), typeof(BareYarp).Assembly.Location, .. arguments(stage)]);
        await stage.WaitAsync(process, [Name], words: null, cancellationToken);
        return process;
    }
}
