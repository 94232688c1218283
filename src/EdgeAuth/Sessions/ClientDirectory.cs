using System.Collections.Concurrent;
using System.Text.Json;
using EdgeAuth.Storage;

namespace EdgeAuth.Sessions;

/// <summary>
/// The Clients that cached sessions descend from. Bounded by the number of clients there are: a session holds the stamp of its client,
/// so a stamp in use must be found when the client changes. Ids that name no client are anyone's to make up, so of those a few are kept.
/// </summary>
internal sealed class ClientDirectory(IRecordStore store, ChangeTracker changes, Freshness freshness, TimeProvider time)
{
    internal const int MostAbsent = 10_000;

    // A client created for the first time is not announced, so its absence is believed for a second only.
    private static readonly TimeSpan AbsenceLifetime = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Realm, string ClientId), ClientStamp> _stamps = new();
    private readonly RecentlyUsedCache<(string Realm, string ClientId), ClientStamp> _absent = new(MostAbsent);
    private readonly SingleFlight<(string Realm, string ClientId), ClientStamp> _flights = new();

    /// <summary>The stamp, if one is at hand that still stands.</summary>
    public ClientStamp? TryGet(string realm, string clientId, long now) =>
        (_stamps.TryGetValue((realm, clientId), out var stamp) || _absent.TryGet((realm, clientId), out stamp))
        && !stamp.IsDropped
        && freshness.StillStands(stamp.LoadedAt, now)
        && (stamp.Life is not null || time.GetElapsedTime(stamp.LoadedAt, now) < AbsenceLifetime || freshness.MayStandIn(now))
            ? stamp
            : null;

    /// <summary>Asks the store. Throws <see cref="StoreUnavailableException"/> when it cannot be asked.</summary>
    public async ValueTask<ClientStamp> LoadAsync(string realm, string clientId, CancellationToken cancellationToken) =>
        await _flights.JoinAsync((realm, clientId), FlyAsync).WaitAsync(cancellationToken);

    /// <summary>Keeps what a load read of a client; to be called under the gate of the change tracker.</summary>
    public ClientStamp Publish(string realm, string clientId, StoredLife? client, long loadedAt)
    {
        if (client is null)
        {
            return PublishAbsent((realm, clientId), loadedAt);
        }

        // A stamp that says the same stays, and with it the sessions that hold it; its read time is refreshed by the sessions' own.
        if (_stamps.TryGetValue((realm, clientId), out var known) && !known.IsDropped && known.Client == client && freshness.StillStands(known.LoadedAt, loadedAt))
        {
            return known;
        }

        _absent.Remove((realm, clientId), static old => old.Drop());
        var stamp = new ClientStamp(client, loadedAt);
        _stamps.AddOrUpdate((realm, clientId), stamp, (_, old) =>
        {
            old.Drop();
            return stamp;
        });
        return stamp;
    }

    /// <summary>To be called under the gate of the change tracker.</summary>
    public void Drop(RecordId id)
    {
        var client = ClientRecordId.Parse(id);
        _absent.Remove(client, static stamp => stamp.Drop());
        if (_stamps.TryRemove(client, out var stamp))
        {
            stamp.Drop();
        }
    }

    /// <summary>To be called under the gate of the change tracker.</summary>
    public void Clear()
    {
        foreach (var stamp in _stamps.Values)
        {
            stamp.Drop();
        }

        _stamps.Clear();
        _absent.Clear();
    }

    /// <summary>What a session load reads of a Client or a Grant; null when there is none.</summary>
    public static StoredLife? Read(StoredRecord? record) =>
        record is null ? null : JsonSerializer.Deserialize(record.Payload.Span, SessionJson.Default.StoredLife);

    // One that is still absent keeps its stamp, and with it what was made of the absence.
    private ClientStamp PublishAbsent((string Realm, string ClientId) client, long loadedAt)
    {
        if (_stamps.TryRemove(client, out var gone))
        {
            gone.Drop();
        }

        if (_absent.TryGet(client, out var known))
        {
            known.Confirm(loadedAt);
            return known;
        }

        var stamp = new ClientStamp(null, loadedAt);
        _absent.Set(client, stamp);
        return stamp;
    }

    // What is known already, while it may stand in for a store that is down.
    private ClientStamp? StandIn((string Realm, string ClientId) client, SingleFlight<(string Realm, string ClientId), ClientStamp>.Flight flight)
    {
        lock (changes.Gate)
        {
            flight.End();
            return TryGet(client.Realm, client.ClientId, time.GetTimestamp());
        }
    }

    private async Task<ClientStamp> FlyAsync((string Realm, string ClientId) client, SingleFlight<(string Realm, string ClientId), ClientStamp>.Flight flight)
    {
        var id = ClientRecordId.Of(client.Realm, client.ClientId);
        while (true)
        {
            var (position, started) = (changes.Position, time.GetTimestamp());
            StoredLife? read;
            try
            {
                read = Read(await store.GetAsync(id, CancellationToken.None));
            }
            catch (StoreUnavailableException)
            {
                if (StandIn(client, flight) is { } known)
                {
                    return known;
                }

                throw;
            }

            lock (changes.Gate)
            {
                if (!changes.ChangedSince(position, [id]))
                {
                    // Before a later change can come, as with sessions.
                    flight.End();
                    return Publish(client.Realm, client.ClientId, read, started);
                }
            }
        }
    }
}
