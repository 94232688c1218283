using EdgeAuth.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Sessions;

/// <summary>
/// Reads the change log every 300 ms and takes in what the other nodes changed. A gap, a step back or another epoch means that changes were
/// missed: then everything cached goes.
/// </summary>
internal sealed partial class ChangeFeed(IChangeLog log, Invalidations invalidations, Freshness freshness, TimeProvider time, ILogger<ChangeFeed> logger) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    private string? _epoch;
    private long _position;
    private bool _failing;

    /// <summary>Reads what was appended since the last read.</summary>
    public async Task ReadOnceAsync(CancellationToken cancellationToken)
    {
        var sent = time.GetTimestamp();
        var page = await log.ReadAsync(_position, cancellationToken);
        if (!string.Equals(page.Epoch, _epoch, StringComparison.Ordinal) || page.Last < _position || page.First > _position + 1)
        {
            invalidations.ApplyEverything();
        }
        else
        {
            invalidations.Hear(page.Changes, page.Last);
        }

        (_epoch, _position) = (page.Epoch, page.Last);
        freshness.Heard(sent);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await ReadOnceAsync(stoppingToken);
                if (_failing)
                {
                    _failing = false;
                    Log.Recovered(logger);
                }
            }
            catch (StoreUnavailableException error)
            {
                if (!_failing)
                {
                    _failing = true;
                    Log.Failed(logger, error);
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(200, LogLevel.Warning, "The change log cannot be read; cached sessions are read anew until it can", EventName = "ChangeLogFailed")]
        public static partial void Failed(ILogger logger, Exception error);

        [LoggerMessage(201, LogLevel.Information, "The change log can be read again", EventName = "ChangeLogRecovered")]
        public static partial void Recovered(ILogger logger);
    }
}
