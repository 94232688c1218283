using System.Diagnostics;

namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>A command that ends by itself, and soon.</summary>
internal static class ShortCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task<string> RunAsync(string file, IEnumerable<string> arguments, CancellationToken cancellationToken) => RunAsync(new ProcessStartInfo(file, arguments), Limit, cancellationToken);

    /// <summary>What the command printed; it is ended when it takes longer than the limit, or the run ends.</summary>
    public static async Task<string> RunAsync(ProcessStartInfo info, TimeSpan limit, CancellationToken cancellationToken)
    {
        (info.RedirectStandardOutput, info.RedirectStandardError) = (true, true);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(limit);
        using var process = Process.Start(info)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(stop.Token), process.StandardError.ReadToEndAsync(stop.Token));
            await process.WaitForExitAsync(stop.Token);
            return process.ExitCode == 0 ? await output : throw new LoadException($"{info.FileName} failed: {await errors} {await output}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new LoadException($"{info.FileName} took longer than {limit.TotalSeconds:0} s.");
        }
    }
}
