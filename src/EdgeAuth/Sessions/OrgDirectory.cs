using System.Collections.Concurrent;
using System.Text.Json;
using EdgeAuth.Storage;

namespace EdgeAuth.Sessions;

/// <summary>
/// The sessions of organisations in memory, those without one among them: every write is announced, the first as well. Bounded by the
/// organisations that definitions name, for which alone it is asked.
/// </summary>
internal sealed class OrgDirectory(IRecordStore store, ChangeTracker changes, Freshness freshness, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, OrgEntry> _entries = new(StringComparer.Ordinal);
    private readonly SingleFlight<string, OrgEntry> _flights = new();

    /// <summary>What is known of an organisation without asking the store; null when the store must be asked.</summary>
    /// <param name="org">The organisation.</param>
    /// <param name="now">By the monotonic clock.</param>
    public OrgEntry? TryGet(string org, long now) =>
        _entries.TryGetValue(org, out var entry) && !entry.IsDropped && freshness.StillStands(entry.LoadedAt, now) ? entry : null;

    /// <summary>Asks the store, once however many ask meanwhile. Throws <see cref="StoreUnavailableException"/> when it cannot be asked.</summary>
    public async ValueTask<OrgEntry> LoadAsync(string org, CancellationToken cancellationToken) =>
        await _flights.JoinAsync(org, FlyAsync).WaitAsync(cancellationToken);

    /// <summary>To be called under the gate of the change tracker.</summary>
    public void Drop(RecordId id)
    {
        if (id.Kind == RecordKind.OrgSession && _entries.TryRemove(id.Id, out var entry))
        {
            entry.Drop();
        }
    }

    /// <summary>To be called under the gate of the change tracker.</summary>
    public void Clear()
    {
        foreach (var entry in _entries.Values)
        {
            entry.Drop();
        }

        _entries.Clear();
    }

    // What is known already, while it may stand in for a store that is down.
    private OrgEntry? StandIn(string org, SingleFlight<string, OrgEntry>.Flight flight)
    {
        lock (changes.Gate)
        {
            flight.End();
            return TryGet(org, time.GetTimestamp());
        }
    }

    private async Task<OrgEntry> FlyAsync(string org, SingleFlight<string, OrgEntry>.Flight flight)
    {
        var id = OrgSessions.IdOf(org);
        while (true)
        {
            var (position, started) = (changes.Position, time.GetTimestamp());
            StoredRecord? record;
            try
            {
                record = await store.GetAsync(id, CancellationToken.None);
            }
            catch (StoreUnavailableException)
            {
                if (StandIn(org, flight) is { } known)
                {
                    return known;
                }

                throw;
            }

            var session = record is null ? null : JsonSerializer.Deserialize(record.Payload.Span, SessionJson.Default.Session);
            lock (changes.Gate)
            {
                if (!changes.ChangedSince(position, [id]))
                {
                    // Before a later change can come, as with sessions.
                    flight.End();
                    return _entries[org] = new OrgEntry(session, started);
                }
            }
        }
    }
}
