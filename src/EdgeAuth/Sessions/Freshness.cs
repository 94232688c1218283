using EdgeAuth.Storage;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Sessions;

/// <summary>Knows when this node last heard from the change log, and so whether what it cached may still be served.</summary>
internal sealed class Freshness(StoreOutage outage, TimeProvider time, IOptions<SessionsOptions> options)
{
    private const long Never = long.MinValue / 2;

    private readonly long _maxStaleness = (long)(((TimeSpan)options.Value.MaxStaleness).TotalSeconds * time.TimestampFrequency);
    private long _heardAt = Never;

    /// <summary>When the last successful read of the change log was sent, by the monotonic clock.</summary>
    public void Heard(long sentAt) => Volatile.Write(ref _heardAt, sentAt);

    /// <summary>True when something read at an instant still stands: it is fresh, or the store that would say more is down and may be stood in for.</summary>
    public bool StillStands(long loadedAt, long now) => IsFresh(loadedAt, now) || MayStandIn(now);

    /// <summary>True when nothing that this node has not heard of and that concerns something read at an instant can be older than the bound.</summary>
    public bool IsFresh(long loadedAt, long now) => now - Math.Max(loadedAt, Volatile.Read(ref _heardAt)) <= _maxStaleness;

    /// <summary>True while the store is down and what was read before is served in its place, however old (design: outages).</summary>
    public bool MayStandIn(long now) => outage.MayServeStale(now);

    /// <summary>How long ago the log was last heard; null before the first time.</summary>
    public TimeSpan? Age(long now) => Volatile.Read(ref _heardAt) is var heardAt and not Never ? time.GetElapsedTime(heardAt, now) : null;
}
