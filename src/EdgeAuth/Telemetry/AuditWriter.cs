using System.Threading.Channels;
using EdgeAuth.Catalog.Audit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Telemetry;

/// <summary>
/// Appends audit events to their file. The file is opened for each batch, so that it may be moved away at any time. What cannot be written is
/// kept until it can, up to a bound; what goes beyond is counted in the log.
/// </summary>
internal sealed partial class AuditWriter(AuditTrail trail, IOptions<TelemetryOptions> options, TimeProvider time, ILogger<AuditWriter> logger) : BackgroundService
{
    private const int MostWaiting = 100_000;
    private const int MostPending = 1024 * 1024;

    internal static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly Channel<AuditEvent> _events = Channel.CreateBounded<AuditEvent>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly MemoryStream _pending = new();
    private long _dropped;
    private bool _failing;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.AuditFile.Length == 0)
        {
            return Task.CompletedTask;
        }

        trail.Keeper = Keep;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        trail.Keeper = null;
        _events.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
        while (options.Value.AuditFile.Length > 0 && (_pending.Length > 0 || _events.Reader.TryPeek(out _)) && await WriteAsync())
        {
            // Until nothing waits, or it cannot be written.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _events.Reader.WaitToReadAsync(stoppingToken))
            {
                while (!await WriteAsync())
                {
                    await Task.Delay(RetryInterval, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left is written by the stop.
        }
    }

    private void Keep(AuditEvent recorded)
    {
        if (!_events.Writer.TryWrite(recorded))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    // Never cut short: half a line would be no line.
    private async Task<bool> WriteAsync()
    {
        while (_pending.Length < MostPending && _events.Reader.TryRead(out var recorded))
        {
            AuditLine.Write(_pending, recorded);
        }

        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(options.Value.AuditFile)) is { } folder)
            {
                Directory.CreateDirectory(folder);
            }

            await AppendAsync(options.Value.AuditFile, _pending.GetBuffer().AsMemory(0, (int)_pending.Length));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (!_failing)
            {
                Log.Failing(logger, options.Value.AuditFile, error.Message);
            }

            _failing = true;
            return false;
        }

        _pending.SetLength(0);
        if (Interlocked.Exchange(ref _dropped, 0) is var dropped && (_failing || dropped > 0))
        {
            Log.Recovered(logger, dropped);
        }

        _failing = false;
        return true;
    }

    // All or nothing: what a full disk let through of a batch is taken back, for the batch is written again.
    private static async Task AppendAsync(string path, ReadOnlyMemory<byte> lines)
    {
        await using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var end = file.Seek(0, SeekOrigin.End);
        try
        {
            await file.WriteAsync(lines, CancellationToken.None);
        }
        catch (IOException)
        {
            file.SetLength(end);
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(610, LogLevel.Error, "Audit events cannot be written to {File}, they wait: {Reason}", EventName = "AuditFailing")]
        public static partial void Failing(ILogger logger, string file, string reason);

        [LoggerMessage(611, LogLevel.Warning, "Audit events are written again; lost meanwhile: {Lost}", EventName = "AuditRecovered")]
        public static partial void Recovered(ILogger logger, long lost);
    }
}
