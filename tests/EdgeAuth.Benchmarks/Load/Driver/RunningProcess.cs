using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>A process that a run started, with those it started itself; what it says goes to a file.</summary>
internal sealed partial class RunningProcess(string name, Process process, string log) : IAsyncDisposable
{
    private const int Terminate = 15;

    // Ticks of utime and stime in a second, the same on every Linux that .NET runs on.
    private const double Ticks = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // What would change how a child runs, if it stood in the environment that the run was called from.
    private static readonly string[] Tunings = ["DOTNET_", "COMPlus_", "ASPNETCORE_", "EdgeAuth_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NODE_", "GO"];

    public string Name => name;

    public bool HasExited => process.HasExited;

    /// <summary>The last lines of what it said.</summary>
    public string Words => File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(15)) : "";

    public bool Said(string text) => File.Exists(log) && File.ReadLines(log).Any(line => line.Contains(text, StringComparison.Ordinal));

    public static RunningProcess Start(string name, string folder, IReadOnlyDictionary<string, string> environment, string file, params IEnumerable<string> arguments)
    {
        var log = Path.Combine(folder, name + ".log");
        // The shell is replaced by the program, which writes to the file itself: nothing here has to read along.
        var info = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >\"$LOG\" 2>&1 </dev/null", "sh", file, .. arguments]) { WorkingDirectory = folder };
        foreach (var variable in info.Environment.Keys.Where(static key => Tunings.Any(tuning => key.StartsWith(tuning, StringComparison.OrdinalIgnoreCase)) && key is not "DOTNET_ROOT").ToList())
        {
            info.Environment.Remove(variable);
        }

        info.Environment["LOG"] = log;
        info.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        foreach (var (variable, value) in environment)
        {
            info.Environment[variable] = value;
        }

        return new RunningProcess(name, Process.Start(info)!, log);
    }

    /// <summary>Seconds of processor time that the process and its children have used.</summary>
    public double Cpu() => Tree().Sum(static id => Stat(id) is { } stat ? (long.Parse(stat[11], CultureInfo.InvariantCulture) + long.Parse(stat[12], CultureInfo.InvariantCulture)) / Ticks : 0);

    /// <summary>Memory of the process and its children in MiB, with shared pages shared out.</summary>
    public double Memory() => Tree().Sum(static id => Read($"/proc/{id}/smaps_rollup") is { } text && PssPattern().Match(text) is { Success: true } match
        ? double.Parse(match.Groups["kib"].ValueSpan, CultureInfo.InvariantCulture) / 1024
        : 0);

    public async ValueTask DisposeAsync()
    {
        // First asked, so that who has workers ends and reaps them; then made to.
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            _ = process.HasExited || Signal(process.Id, Terminate) != 0;
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        process.Dispose();
    }

    private List<int> Tree()
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(static path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Select(static id => (Id: id, Stat: id > 0 ? Stat(id) : null))
            .Where(static entry => entry.Stat is not null)
            .ToLookup(static entry => int.Parse(entry.Stat![1], CultureInfo.InvariantCulture), static entry => entry.Id);
        var tree = new List<int> { process.Id };
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(children[tree[i]]);
        }

        return tree;
    }

    // The fields from the state on: the name before them may hold anything.
    private static string[]? Stat(int id) => Read($"/proc/{id}/stat") is { } text ? text[(text.LastIndexOf(')') + 2)..].Split(' ') : null;

    // A process may end between being seen and being read.
    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);

    [GeneratedRegex(@"^Pss:\s+(?<kib>\d+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex PssPattern();
}
