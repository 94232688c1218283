using System.Net;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Enforcement.Jwt;

/// <summary>
/// The keys that one address publishes. It is asked when a key is needed that is not known, and once in a while, but never again within ten
/// seconds, whatever tokens come; while it cannot be reached the keys stay.
/// </summary>
internal sealed partial class JwksSource(Uri url, HttpClient http, TimeProvider time, ILogger<JwksSource> logger)
{
    public static readonly TimeSpan AskInterval = TimeSpan.FromSeconds(10);

    /// <summary>How long a key that was withdrawn may still be taken while the address answers.</summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly long _askTicks = (long)(AskInterval.TotalSeconds * time.TimestampFrequency);
    private readonly long _refreshTicks = (long)(RefreshInterval.TotalSeconds * time.TimestampFrequency);
    private volatile JwtKeySet _keys = JwtKeySet.Empty;
    private Task _asking = Task.CompletedTask;
    private long _askedAt = long.MinValue / 2;
    private long _dueAt = long.MinValue / 2;
    private volatile bool _failing;

    /// <summary>True when the last attempt failed, so that a key that is not known may yet be a good one.</summary>
    public bool IsFailing => _failing;

    /// <summary>True when the next request is to ask whether the keys are still the same.</summary>
    public bool IsDue(long now) => now >= Volatile.Read(ref _dueAt);

    /// <summary>The keys, asked for if one of this name is not among them and it may be asked again.</summary>
    public async ValueTask<JwtKeySet> GetAsync(string? keyId, CancellationToken cancellationToken)
    {
        if (IsDue(time.GetTimestamp()) && TryAsk(out var asking))
        {
            await asking.WaitAsync(cancellationToken);
        }

        if (!_keys.Knows(keyId))
        {
            TryAsk(out asking);
            await asking.WaitAsync(cancellationToken);
        }

        return _keys;
    }

    // True for whoever begins to ask; the others may wait for it.
    private bool TryAsk(out Task asking)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var may = now - _askedAt >= _askTicks && _asking.IsCompleted;
            if (may)
            {
                _askedAt = now;
                Volatile.Write(ref _dueAt, now + _askTicks);
                _asking = Task.Run(() => AskAsync(now));
            }

            asking = _asking;
            return may;
        }
    }

    private async Task AskAsync(long started)
    {
        string trouble;
        try
        {
            using var response = await http.GetAsync(url);
            var body = response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadAsByteArrayAsync() : [];
            if (response.StatusCode == HttpStatusCode.OK && JwksReader.Read(body) is { } keys)
            {
                _keys = _keys.Replace(keys);
                Volatile.Write(ref _dueAt, started + _refreshTicks);
                if (_failing)
                {
                    _failing = false;
                    Log.Recovered(logger, url.Host);
                }

                return;
            }

            trouble = response.StatusCode == HttpStatusCode.OK ? "the answer is no JWKS" : "status " + (int)response.StatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            trouble = error is HttpRequestException ? error.Message : "no answer in time";
        }

        if (!_failing)
        {
            _failing = true;
            Log.Failed(logger, url.Host, trouble);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(420, LogLevel.Warning, "The JWKS at {Host} cannot be read, the keys known stay in force: {Trouble}", EventName = "JwksFailed")]
        public static partial void Failed(ILogger logger, string host, string trouble);

        [LoggerMessage(421, LogLevel.Information, "The JWKS at {Host} can be read again", EventName = "JwksRecovered")]
        public static partial void Recovered(ILogger logger, string host);
    }
}
