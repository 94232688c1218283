using EdgeAuth.Benchmarks.Load.Driver;

namespace EdgeAuth.Benchmarks.Load.Parts;

/// <summary>A program that takes part in a run.</summary>
internal abstract class Part(string name)
{
    private RunningProcess? _process;

    protected static readonly IReadOnlyDictionary<string, string> NoVariables = new Dictionary<string, string>(StringComparer.Ordinal);

    public string Name => name;

    /// <summary>The process, once it was started.</summary>
    public RunningProcess Process => _process ?? throw new InvalidOperationException($"{name} was not started.");

    public bool IsStarted => _process is not null;

    /// <summary>The programs that must run before this one.</summary>
    public virtual IReadOnlyList<Part> Needs => [];

    /// <summary>How many times the usual warm-up it needs before it is as fast as it gets; none when it is compiled already.</summary>
    public virtual int WarmUps => 0;

    /// <summary>What is not installed and would be needed, if anything.</summary>
    public virtual string? Missing(Stage stage) => null;

    public async Task StartAsync(Stage stage, CancellationToken cancellationToken)
    {
        if (_process is null)
        {
            foreach (var need in Needs)
            {
                await need.StartAsync(stage, cancellationToken);
            }

            _process = await RunAsync(stage, cancellationToken);
        }
    }

    /// <summary>Starts the process and waits until it serves.</summary>
    protected abstract Task<RunningProcess> RunAsync(Stage stage, CancellationToken cancellationToken);

    protected static string? Command(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Any(folder => File.Exists(Path.Combine(folder, command))) ? null : command;

    protected static string? Exists(string path, string what) => Path.Exists(path) ? null : what;
}
