using Microsoft.Extensions.Logging;

namespace EdgeAuth.Storage.Redis;

/// <summary>
/// Knows from the calls that are made whether Redis is up. While it is not, Redis is tried every 250 ms with one small write, asked which server
/// is the master now, and connected to anew.
/// </summary>
internal sealed partial class RedisProber(RedisConnector connector, StoreOutage outage, ILogger logger) : IAsyncDisposable
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // One failure may be a single lost connection; two in a row are an outage.
    private const int Patience = 2;

    private static readonly TimeSpan ReconfigureAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(5);

    // An outage is of real time, also where the gateway's own clock is another.
    private static readonly TimeProvider Wire = TimeProvider.System;

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Task _probing = Task.CompletedTask;
    private int _failures;
    private int _refusals;
    private bool _disposed;

    /// <summary>Why a call need not be made; null where it may be.</summary>
    public string? Refuses(RedisUse use) => outage.State switch
    {
        StoreState.Up => null,
        StoreState.ReadOnly when use == RedisUse.Read => null,
        StoreState.ReadOnly => "Redis refuses writes: " + outage.Reason,
        _ => "Redis is down: " + outage.Reason,
    };

    public void Answered(RedisUse use)
    {
        if (_failures != 0)
        {
            Volatile.Write(ref _failures, 0);
        }

        if (_refusals != 0 && use == RedisUse.Write)
        {
            Volatile.Write(ref _refusals, 0);
        }

        outage.Answered();
    }

    public void Failed(RedisFault fault)
    {
        switch (fault.Kind)
        {
            case RedisFaultKind.Answer:
                Answered(RedisUse.Read);
                break;
            case RedisFaultKind.WriteRefused:
                Answered(RedisUse.Read);
                if (Interlocked.Increment(ref _refusals) >= Patience)
                {
                    Leave(StoreState.ReadOnly, fault.Reason);
                }

                break;
            case RedisFaultKind.Deposed:
                // Reads go on being answered, so they say nothing.
                if (Interlocked.Increment(ref _refusals) >= Patience)
                {
                    Leave(StoreState.Down, fault.Reason);
                }

                break;
            default:
                if (Interlocked.Increment(ref _failures) >= Patience)
                {
                    Leave(StoreState.Down, fault.Reason);
                }

                break;
        }
    }

    /// <summary>From up to something worse, or from refusing writes to down. The way back is the probe's.</summary>
    public void Leave(StoreState state, string reason)
    {
        lock (_gate)
        {
            if (_disposed || outage.State >= state)
            {
                return;
            }

            Enter(state, reason);
            if (_probing.IsCompleted)
            {
                _probing = Task.Run(ProbeAsync);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task probing;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            probing = _probing;
        }

        await _stop.CancelAsync();
        await probing;
        _stop.Dispose();
    }

    private void Enter(StoreState state, string reason)
    {
        if (!outage.Become(state, reason))
        {
            return;
        }

        switch (state)
        {
            case StoreState.Down:
                Log.Down(logger, reason, Interval.TotalMilliseconds);
                break;
            case StoreState.ReadOnly:
                Log.ReadOnly(logger, reason, Interval.TotalMilliseconds);
                break;
            default:
                Log.Up(logger);
                break;
        }
    }

    private async Task ProbeAsync()
    {
        var (reconfigured, reconnected) = (Wire.GetTimestamp(), Wire.GetTimestamp());
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (await connector.TryWriteAsync(_stop.Token) is not { } fault)
                {
                    Return();
                    return;
                }

                Stay(fault);

                // A server that refuses the connection can be asked anew soon: the library itself waits longer, and longer with every try.
                var patience = fault.Kind == RedisFaultKind.Connection ? ReconfigureAfter : ReconnectAfter;
                if (fault.Kind is RedisFaultKind.Connection or RedisFaultKind.Timeout && Wire.GetElapsedTime(reconnected) >= patience)
                {
                    await connector.ReconnectAsync(_stop.Token);
                    reconnected = Wire.GetTimestamp();
                }
                else if (Wire.GetElapsedTime(reconfigured) >= ReconfigureAfter)
                {
                    await connector.ReconfigureAsync(_stop.Token);
                    reconfigured = Wire.GetTimestamp();
                }

                await Task.Delay(Interval, Wire, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // The gateway ends.
            }
            catch (Exception error)
            {
                // Nobody else would find the way back.
                Log.ProbeFailed(logger, error);
                await Task.Delay(Interval, Wire, CancellationToken.None);
            }
        }
    }

    private void Stay(RedisFault fault)
    {
        lock (_gate)
        {
            Enter(fault.Kind == RedisFaultKind.WriteRefused ? StoreState.ReadOnly : StoreState.Down, fault.Reason);
        }

        // Anything else does not tell what was revoked, so the grace goes on running out.
        if (fault.Kind == RedisFaultKind.WriteRefused)
        {
            outage.Answered();
        }
    }

    private void Return()
    {
        lock (_gate)
        {
            (_failures, _refusals) = (0, 0);
            outage.Answered();
            Enter(StoreState.Up, "");
            _probing = Task.CompletedTask;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(714, LogLevel.Error, "Redis could not be tried; it is tried again", EventName = "StoreProbeFailed")]
        public static partial void ProbeFailed(ILogger logger, Exception error);

        [LoggerMessage(710, LogLevel.Error, "Redis does not answer ({Reason}); calls that need it are refused, and it is tried every {Interval} ms", EventName = "StoreDown")]
        public static partial void Down(ILogger logger, string reason, double interval);

        [LoggerMessage(711, LogLevel.Error, "Redis refuses writes ({Reason}); calls that write are refused, and it is tried every {Interval} ms", EventName = "StoreReadOnly")]
        public static partial void ReadOnly(ILogger logger, string reason, double interval);

        [LoggerMessage(712, LogLevel.Information, "Redis answers again", EventName = "StoreUp")]
        public static partial void Up(ILogger logger);
    }
}
