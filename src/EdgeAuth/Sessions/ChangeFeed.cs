using EdgeAuth.Catalog;
using EdgeAuth.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Sessions;

/// <summary>
/// Reads the change log every 300 ms, and sooner where the store hints at news, and takes in what the other nodes changed. A gap, a step back or
/// another epoch means that changes were missed: then everything cached goes. A step back is a store that lost what it had acknowledged: then the
/// other nodes are told by a new epoch.
/// </summary>
internal sealed partial class ChangeFeed : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    /// <summary>From one read to the next, however many hints come between: so a storm of changes costs each node 20 reads a second at most.</summary>
    internal static readonly TimeSpan LeastGap = TimeSpan.FromMilliseconds(50);

    private readonly IChangeLog _log;
    private readonly Invalidations _invalidations;
    private readonly Freshness _freshness;
    private readonly StoreOutage _outage;
    private readonly SessionsMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Wakeup _wakeup = new();
    private string? _epoch;
    private long _position;
    private bool _failing;

    public ChangeFeed(IChangeLog log, Invalidations invalidations, Freshness freshness, StoreOutage outage, SessionsMetrics metrics, TimeProvider time, ILogger<ChangeFeed> logger) =>
        (_log, _invalidations, _freshness, _outage, _metrics, _time, _logger) = (log, invalidations, freshness, outage, metrics, time, logger);

    /// <summary>Reads what was appended since the last read.</summary>
    public async Task ReadOnceAsync(CancellationToken cancellationToken)
    {
        var sent = _time.GetTimestamp();
        var page = await _log.ReadAsync(_position, cancellationToken);
        var isSameEpoch = string.Equals(page.Epoch, _epoch, StringComparison.Ordinal);
        if (isSameEpoch && page.Last < _position)
        {
            // First here, for the store may be gone again. The position stays: what is read next is of another epoch, or still behind.
            _metrics.DroppedEverything();
            _invalidations.ApplyEverything();
            await _log.RaiseEpochAsync(page.Epoch, cancellationToken);
            Log.SteppedBack(_logger, _position, page.Last);
            _wakeup.Signal();
            return;
        }

        if (!isSameEpoch || page.First > _position + 1)
        {
            if (_epoch is not null)
            {
                _metrics.DroppedEverything();
                Log.Missed(_logger);
            }

            _invalidations.ApplyEverything();
        }
        else
        {
            _invalidations.Hear(page, _time.GetElapsedTime(sent));
        }

        (_epoch, _position) = (page.Epoch, page.Last);
        _freshness.Heard(sent);
    }

    public override void Dispose()
    {
        base.Dispose();
        _wakeup.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = _time.CreateTimer(static wakeup => ((Wakeup)wakeup!).Signal(), _wakeup, Interval, Interval);
        _log.Appended += OnAppended;
        try
        {
            while (true)
            {
                var began = _time.GetTimestamp();
                await TryReadAsync(stoppingToken);
                await _wakeup.WaitAsync(stoppingToken);
                if (LeastGap - _time.GetElapsedTime(began) is { Ticks: > 0 } early)
                {
                    await Task.Delay(early, _time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        finally
        {
            _log.Appended -= OnAppended;
        }
    }

    // Whatever fails, reading goes on: without it a revocation elsewhere would go unheard.
    private async Task TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReadOnceAsync(cancellationToken);
            if (_failing)
            {
                _failing = false;
                Log.Recovered(_logger);
            }
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // Of a store that is down the store itself tells.
            if (!_failing && !(error is StoreUnavailableException && _outage.IsDown))
            {
                _failing = true;
                Log.Failed(_logger, error);
            }
        }
    }

    private void OnAppended(object? sender, EventArgs hint) => _wakeup.Signal();

    private static partial class Log
    {
        [LoggerMessage(200, LogLevel.Warning, "The change log cannot be read; cached sessions are read anew until it can, or stand in for a store that is down", EventName = "ChangeLogFailed")]
        public static partial void Failed(ILogger logger, Exception error);

        [LoggerMessage(201, LogLevel.Information, "The change log can be read again", EventName = "ChangeLogRecovered")]
        public static partial void Recovered(ILogger logger);

        [LoggerMessage(202, LogLevel.Warning, "The change log stands at {Last} though it was read up to {Position}: the store lost acknowledged writes. A new epoch begins: every node drops its cached sessions and quota leases", EventName = "ChangeLogSteppedBack")]
        public static partial void SteppedBack(ILogger logger, long position, long last);

        [LoggerMessage(203, LogLevel.Information, "Changes were missed: cached sessions and quota leases are dropped", EventName = "ChangesMissed")]
        public static partial void Missed(ILogger logger);
    }
}
