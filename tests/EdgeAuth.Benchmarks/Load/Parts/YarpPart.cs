using EdgeAuth.Benchmarks.Load.Driver;

namespace EdgeAuth.Benchmarks.Load.Parts;

/// <summary>Bare YARP, run as a new web project would be: what this project sets for its own runtime does not reach it.</summary>
internal sealed class YarpPart(IReadOnlyList<Part> needs) : Part("yarp")
{
    public override IReadOnlyList<Part> Needs => needs;

    public override int WarmUps => 1;

    protected override async Task<RunningProcess> RunAsync(Stage stage, CancellationToken cancellationToken)
    {
        var process = stage.Start(Name, stage.CertificateSettings(), "dotnet",
            "exec", "--runtimeconfig", stage.Render("yarp.runtimeconfig.json"), typeof(BareYarp).Assembly.Location, "yarp", stage.Listen(Name), stage.Address("upstream"));
        await stage.WaitAsync(process, [Name], words: null, cancellationToken);
        return process;
    }
}
