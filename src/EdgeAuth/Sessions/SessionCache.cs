using EdgeAuth.Storage;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Sessions;

/// <summary>
/// Sessions in memory. A find takes no lock; a miss is loaded once, however many requests wait for it; what was loaded is kept only if
/// nothing it was made from changed meanwhile.
/// </summary>
internal sealed class SessionCache(
    SessionLoader loader,
    ChangeTracker changes,
    ClientDirectory clients,
    Freshness freshness,
    SessionsMetrics metrics,
    TimeProvider time,
    IOptions<SessionsOptions> options)
{
    private static readonly TimeSpan UnknownLifetime = TimeSpan.FromSeconds(1);

    private readonly RecentlyUsedCache<KeyHash, SessionEntry> _alive = new(options.Value.CacheSize);
    private readonly RecentlyUsedCache<KeyHash, SessionEntry> _unknown = new(options.Value.UnknownCacheSize);
    private readonly SingleFlight<KeyHash, SessionEntry> _flights = new();
    private readonly long _unknownTicks = (long)(UnknownLifetime.TotalSeconds * time.TimestampFrequency);
    private int _epoch;

    /// <summary>How many sessions are cached.</summary>
    public int Count => _alive.Count;

    /// <summary>What is known of a credential without asking the store; null when the store must be asked.</summary>
    public SessionEntry? TryGet(in KeyHash hash, long now, DateTimeOffset utcNow)
    {
        if (_alive.TryGet(hash, out var entry))
        {
            return Stands(entry) && !(entry.StoredUntil <= utcNow) && (freshness.IsFresh(entry.LoadedAt, now) || MayStandIn(now)) ? entry : null;
        }

        return _unknown.TryGet(hash, out entry) && Stands(entry) && (now - entry.LoadedAt < _unknownTicks || MayStandIn(now)) ? entry : null;
    }

    /// <summary>Asks the store. Throws <see cref="StoreUnavailableException"/> when it cannot be asked.</summary>
    public async ValueTask<SessionEntry> LoadAsync(KeyHash hash, CancellationToken cancellationToken) =>
        await _flights.JoinAsync(hash, FlyAsync).WaitAsync(cancellationToken);

    /// <summary>Forgets what was made from the records given; to be called under the gate of the change tracker.</summary>
    public void Drop(RecordId id)
    {
        switch (id.Kind)
        {
            case RecordKind.Key when KeyHash.TryParse(id.Id, out var hash):
                _alive.Remove(hash, static entry => entry.Drop());
                _unknown.Remove(hash, static entry => entry.Drop());
                break;
            case RecordKind.Client:
                clients.Drop(id);
                break;
        }
    }

    /// <summary>Forgets everything; to be called under the gate of the change tracker.</summary>
    public void Clear()
    {
        Interlocked.Increment(ref _epoch);
        _alive.Clear();
        _unknown.Clear();
        clients.Clear();
    }

    private async Task<SessionEntry> FlyAsync(KeyHash hash, SingleFlight<KeyHash, SessionEntry>.Flight flight)
    {
        var isRetry = false;
        while (true)
        {
            var (position, epoch, started) = (changes.Position, Volatile.Read(ref _epoch), time.GetTimestamp());
            LoadedSession loaded;
            try
            {
                loaded = await loader.LoadAsync(hash, CancellationToken.None);
            }
            catch (StoreUnavailableException)
            {
                if (StandIn(hash, flight) is { } known)
                {
                    return known;
                }

                throw;
            }

            if (!freshness.IsFresh(started, time.GetTimestamp()))
            {
                // It took so long that it may be outdated already, as when this process stood still.
                if (isRetry)
                {
                    throw new StoreUnavailableException("The store answers too slowly.");
                }

                isRetry = true;
                continue;
            }

            var entry = TryPublish(hash, loaded, flight, position, epoch, started);
            metrics.Loaded(loaded.State);
            if (entry is not null)
            {
                return entry;
            }
        }
    }

    private bool Stands(SessionEntry entry) => !entry.IsDropped && entry.Epoch == Volatile.Read(ref _epoch);

    private bool MayStandIn(long now)
    {
        var may = freshness.MayStandIn(now);
        if (may)
        {
            metrics.ServedStale();
        }

        return may;
    }

    // What is known already, while it may stand in for a store that is down.
    private SessionEntry? StandIn(KeyHash hash, SingleFlight<KeyHash, SessionEntry>.Flight flight)
    {
        lock (changes.Gate)
        {
            flight.End();
            return TryGet(hash, time.GetTimestamp(), time.GetUtcNow());
        }
    }

    // Null when what was read has changed since. A later change drops the entry, so its flight ends before that can come: who asks after the
    // change was acknowledged must not get what was read before it.
    private SessionEntry? TryPublish(KeyHash hash, LoadedSession loaded, SingleFlight<KeyHash, SessionEntry>.Flight flight, long position, int epoch, long started)
    {
        lock (changes.Gate)
        {
            if (changes.ChangedSince(position, loaded.ReadIds.AsSpan()))
            {
                return null;
            }

            flight.End();
            return Publish(hash, loaded, epoch, started);
        }
    }

    private SessionEntry Publish(KeyHash hash, LoadedSession loaded, int epoch, long started)
    {
        var key = loaded.Key;
        var entry = new SessionEntry
        {
            State = loaded.State,
            Hash = hash,
            Rules = loaded.Rules,
            MetaData = key?.Session.MetaData is { Count: > 0 } metaData ? metaData : null,
            PasswordHash = key?.Session.BasicAuthData is { Password: { Length: > 0 } password } ? password : null,
            IsIdentity = key?.IsIdentity == true,
            JwtSecret = key?.Session.JwtSecret,
            IsSenderConstrained = key?.IsSenderConstrained == true,
            CountsUnder = key?.CountsUnder,
            Expires = key?.Session.Expires ?? 0,
            StoredUntil = loaded.StoredUntil,
            Realm = key?.Realm,
            ClientId = key?.ClientId ?? (key?.Session.OauthClientId is { Length: > 0 } claimed ? claimed : null),
            Client = loaded.State == SessionState.Alive && key is { Realm: { } realm, ClientId: { } clientId } ? clients.Publish(realm, clientId, loaded.Client, started) : null,
            LoadedAt = started,
            Epoch = epoch,
        };
        if (entry.State == SessionState.Alive)
        {
            _unknown.Remove(hash, static _ => { });
            _alive.Set(hash, entry);
        }
        else
        {
            _alive.Remove(hash, static old => old.Drop());
            _unknown.Set(hash, entry);
        }

        return entry;
    }
}
