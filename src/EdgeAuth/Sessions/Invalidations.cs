using EdgeAuth.Storage;

namespace EdgeAuth.Sessions;

/// <summary>Takes changes in: from this node at once, from the others through the change log.</summary>
internal sealed class Invalidations(IChangeLog log, ChangeTracker changes, SessionCache sessions, OrgDirectory orgs)
{
    // What this node appended and has not read back yet, by position; under the gate of the change tracker.
    private readonly Dictionary<long, RecordId> _own = [];
    private int _lives;

    /// <summary>Raised after the caches have dropped what changed, for those who keep something else of it.</summary>
    public event EventHandler<ChangesEventArgs>? Applied;

    /// <summary>
    /// Announces changes to every node, after they were written and before they are acknowledged. This node has taken them in when the call
    /// returns, also when the log could not be reached.
    /// </summary>
    private async ValueTask PublishAsync(IReadOnlyList<RecordId> changed, CancellationToken cancellationToken)
    {
        var life = Volatile.Read(ref _lives);
        try
        {
            Remember(changed, await log.AppendAsync(changed, cancellationToken), life);
        }
        finally
        {
            Apply(changed);
        }
    }

    /// <summary>Announces a changed or removed Key.</summary>
    public ValueTask PublishKeyAsync(KeyHash hash, CancellationToken cancellationToken) => PublishAsync([KeyRepository.IdOf(hash)], cancellationToken);

    /// <summary>Announces a Key whose counters were reset as well.</summary>
    public ValueTask PublishKeyAndCountersAsync(KeyHash hash, CancellationToken cancellationToken) =>
        PublishAsync([KeyRepository.IdOf(hash), new RecordId(RecordKind.Counter, hash.ToHex())], cancellationToken);

    /// <summary>Announces changed, created or removed Clients.</summary>
    public ValueTask PublishClientsAsync(IEnumerable<(string Realm, string ClientId)> clients, CancellationToken cancellationToken) =>
        PublishAsync([.. clients.Select(static client => ClientRecordId.Of(client.Realm, client.ClientId))], cancellationToken);

    /// <summary>Announces a written or removed session of an organisation, and that its counters were reset if they were.</summary>
    public ValueTask PublishOrgAsync(string org, bool countersWereReset, CancellationToken cancellationToken) =>
        PublishAsync(
            countersWereReset ? [OrgSessions.IdOf(org), new RecordId(RecordKind.Counter, OrgSessions.CounterOwner(org))] : [OrgSessions.IdOf(org)],
            cancellationToken);

    /// <summary>Announces an ended Grant with the access tokens issued under it.</summary>
    public ValueTask PublishGrantAsync(string grantId, IEnumerable<string> keyHashes, CancellationToken cancellationToken) =>
        PublishAsync([new RecordId(RecordKind.Grant, grantId), .. keyHashes.Select(static hash => new RecordId(RecordKind.Key, hash))], cancellationToken);

    /// <summary>Takes changes in without announcing them.</summary>
    public void Apply(IReadOnlyList<RecordId> changed)
    {
        lock (changes.Gate)
        {
            foreach (var id in changed)
            {
                changes.Add(id);
                sessions.Drop(id);
                orgs.Drop(id);
            }
        }

        Applied?.Invoke(this, new ChangesEventArgs(changed));
    }

    /// <summary>
    /// Takes in what was read from the log up to a position. What this node appended itself it has taken in already: to do so again would void
    /// leases that were granted since.
    /// </summary>
    public void Hear(IReadOnlyList<RecordId> read, long last)
    {
        var others = new List<RecordId>(read.Count);
        lock (changes.Gate)
        {
            var position = last - read.Count;
            foreach (var id in read)
            {
                if (!_own.TryGetValue(++position, out var own) || own != id)
                {
                    others.Add(id);
                }
            }

            foreach (var passed in _own.Keys.Where(own => own <= last).ToList())
            {
                _own.Remove(passed);
            }
        }

        if (others.Count > 0)
        {
            Apply(others);
        }
    }

    /// <summary>Takes in that anything may have changed.</summary>
    public void ApplyEverything()
    {
        lock (changes.Gate)
        {
            changes.AddEverything();
            sessions.Clear();
            orgs.Clear();
            _own.Clear();
            _lives++;
        }

        Applied?.Invoke(this, ChangesEventArgs.Everything);
    }

    // Positions of a log that has since begun a new life say nothing: there, others may write under them.
    private void Remember(IReadOnlyList<RecordId> appended, long last, int life)
    {
        lock (changes.Gate)
        {
            for (var i = 0; i < appended.Count && life == _lives; i++)
            {
                _own[last - appended.Count + 1 + i] = appended[i];
            }
        }
    }
}
