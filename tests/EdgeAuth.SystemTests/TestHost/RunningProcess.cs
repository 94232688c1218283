using System.Diagnostics;
using System.Text;

namespace EdgeAuth.SystemTests.TestHost;

/// <summary>A process of the test's, with what it wrote. It ends with the test.</summary>
internal sealed class RunningProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private RunningProcess(Process process) => _process = process;

    /// <summary>All that it wrote.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>What it wrote for errors alone.</summary>
    public string Errors
    {
        get
        {
            lock (_output)
            {
                return _errors.ToString();
            }
        }
    }

    public bool HasExited => _process.HasExited;

    public int Id => _process.Id;

    public static RunningProcess Start(string program, IEnumerable<string> arguments, string? workingDirectory = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        var running = new RunningProcess(process);
        process.OutputDataReceived += (_, line) => running.Append(line.Data, error: false);
        process.ErrorDataReceived += (_, line) => running.Append(line.Data, error: true);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return running;
    }

    /// <summary>Runs a program to its end and returns its exit code and output.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, IEnumerable<string> arguments, string? workingDirectory = null, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? patience = null)
    {
        await using var running = Start(program, arguments, workingDirectory, environment);
        return (await running.WaitAsync(patience ?? TimeSpan.FromMinutes(2)), running.Output);
    }

    public async Task<int> WaitAsync(TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The process did not end within {patience}. It wrote:{Environment.NewLine}{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>Waits until it has written a text.</summary>
    public async Task WaitForAsync(string text)
    {
        for (var started = Stopwatch.GetTimestamp(); !Output.Contains(text, StringComparison.Ordinal); await Task.Delay(20))
        {
            Assert.False(HasExited, Output);
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(1), $"It did not write \"{text}\" but:{Environment.NewLine}{Output}");
        }
    }

    /// <summary>Ends it as a crash does, without any chance to clean up.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, as a service manager does, and waits until it has.</summary>
    public async Task<int> StopAsync()
    {
        await TerminateAsync();
        return await WaitAsync(TimeSpan.FromSeconds(30));
    }

    public Task TerminateAsync() => SignalAsync("TERM");

    /// <summary>Stops it in its tracks, connections and all.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Lets it go on where it was frozen.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task SignalAsync(string name) => (await RunAsync("kill", ["-" + name, _process.Id.ToString()])).ExitCode.ShouldBeZero();

    private void Append(string? line, bool error)
    {
        lock (_output)
        {
            _output.AppendLine(line);
            _ = error && line is not null ? _errors.AppendLine(line) : _errors;
        }
    }
}
