using Microsoft.Extensions.Options;

namespace EdgeAuth.Sessions;

/// <summary>Knows when this node last heard from the change log, and so whether what it cached may still be served.</summary>
internal sealed class Freshness(TimeProvider time, IOptions<SessionsOptions> options)
{
    private readonly long _maxStaleness = (long)(((TimeSpan)options.Value.MaxStaleness).TotalSeconds * time.TimestampFrequency);
    private long _heardAt = long.MinValue / 2;

    /// <summary>When the last successful read of the change log was sent, by the monotonic clock.</summary>
    public void Heard(long sentAt) => Volatile.Write(ref _heardAt, sentAt);

    /// <summary>True when something read at an instant still stands: nothing this node has not heard of can be older than the bound.</summary>
    public bool StillStands(long loadedAt, long now) => now - Math.Max(loadedAt, Volatile.Read(ref _heardAt)) <= _maxStaleness;

    /// <summary>How long ago the log was last heard.</summary>
    public TimeSpan Age(long now) => time.GetElapsedTime(Volatile.Read(ref _heardAt), now);
}
