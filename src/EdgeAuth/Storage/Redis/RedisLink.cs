using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>
/// The only place that speaks to Redis. Every call ends within <c>EdgeAuth:Storage:Redis:Timeout</c>, a read that is tried again within twice that,
/// with a value or with <see cref="StoreUnavailableException"/>. While Redis is known not to answer, calls fail at once.
/// </summary>
internal sealed class RedisLink : IAsyncDisposable
{
    // How long Redis takes is real time, also where the gateway's own clock is another.
    private static readonly TimeProvider Wire = TimeProvider.System;

    // By how much a timer may be late.
    private static readonly TimeSpan Punctual = TimeSpan.FromMilliseconds(250);

    private readonly TimeSpan _timeout;
    private readonly RedisMetrics _metrics;
    private readonly RedisConnector _connector;
    private readonly RedisProber _prober;

    /// <summary>Connects, blocking. Throws <see cref="StoreStartupException"/> when Redis cannot be used.</summary>
    public RedisLink(IOptions<StorageOptions> options, StoreOutage outage, RedisMetrics metrics, ILogger<RedisLink> logger)
    {
        _timeout = options.Value.Redis.Timeout;
        _metrics = metrics;
        Keys = new RedisKeyspace(options.Value.Redis.Prefix);
        _connector = RedisConnector.Open(options.Value.Redis, out var refusal);
        outage.Answered();
        _prober = new RedisProber(_connector, outage, logger);
        if (refusal is not null)
        {
            // What is stored can be served meanwhile.
            _prober.Leave(StoreState.ReadOnly, refusal.Reason);
        }
    }

    /// <summary>The names of the keys.</summary>
    public RedisKeyspace Keys { get; }

    /// <summary>True where keys stand on several servers.</summary>
    public bool IsCluster => _connector.IsCluster;

    /// <summary>How long one call may take.</summary>
    public TimeSpan Timeout => _timeout;

    /// <summary>Runs a script. On a cluster all its keys must have one hash tag.</summary>
    public Task<RedisResult> EvalAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments, RedisUse use, CancellationToken cancellationToken) =>
        AskAsync(use, (script, keys, arguments), static (database, call) => EvalAsync(database, call.script, call.keys, call.arguments), cancellationToken);

    /// <summary>Runs one command, or several sent as one.</summary>
    public Task<T> RunAsync<T>(RedisUse use, Func<IDatabase, Task<T>> call, CancellationToken cancellationToken) =>
        AskAsync(use, call, static (database, call) => call(database), cancellationToken);

    /// <summary>As <see cref="RunAsync{T}"/>, with what the call needs handed through, so that it captures nothing.</summary>
    public async Task<T> AskAsync<T, TState>(RedisUse use, TState state, Func<IDatabase, TState, Task<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        for (var isRetry = false; ; isRetry = true)
        {
            if (_prober.Refuses(use) is { } known)
            {
                _metrics.Spared();
                throw new StoreUnavailableException(known);
            }

            var started = Wire.GetTimestamp();
            var database = _connector.Database;
            try
            {
                var answer = await call(database, state).WaitAsync(_timeout, Wire, cancellationToken);
                _prober.Answered(use);
                _metrics.Answered(_metrics.Timed ? Wire.GetElapsedTime(started) : null);
                return answer;
            }
            catch (Exception error) when (RedisFault.Of(error, _timeout, cancellationToken) is { } fault)
            {
                _metrics.Failed(fault.Kind);
                if (ReferenceEquals(database, _connector.Database) && !WasStill(fault, started))
                {
                    // What fails on a connection that was replaced says nothing about the one in use.
                    _prober.Failed(fault);
                }

                if (use == RedisUse.Write || isRetry || fault.Kind is RedisFaultKind.Answer or RedisFaultKind.WriteRefused)
                {
                    throw new StoreUnavailableException("Redis: " + fault.Reason, error);
                }
            }
        }
    }

    /// <summary>Asks for what Redis may have been told not to tell: null when it does not. It says nothing about whether Redis is up.</summary>
    public async Task<string?> TryAskAsync(string command, object[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            return (string?)await _connector.Database.ExecuteAsync(command, arguments).WaitAsync(_timeout, Wire, cancellationToken);
        }
        catch (Exception error) when (RedisFault.Of(error, _timeout, cancellationToken) is not null)
        {
            return null;
        }
    }

    /// <summary>Calls back for what is published on a channel, on whichever connection there is. A message may be lost with its connection.</summary>
    public void Subscribe(string channel, Action heard) => _connector.Subscribe(channel, heard);

    public async ValueTask DisposeAsync()
    {
        await _prober.DisposeAsync();
        _connector.Close();
    }

    // A timeout that is told of long after its time says that this process stood still, not that Redis did: the answer may be here by now. Were it an
    // outage, what was revoked meanwhile would be let in.
    private bool WasStill(RedisFault fault, long started) => fault.Kind == RedisFaultKind.Timeout && Wire.GetElapsedTime(started) > _timeout + Punctual;

    private static async Task<RedisResult> EvalAsync(IDatabase database, RedisScript script, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return await script.CallAsync(database, keys, arguments);
        }
        catch (RedisServerException error) when (error.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return await script.SendAsync(database, keys, arguments);
        }
    }
}
