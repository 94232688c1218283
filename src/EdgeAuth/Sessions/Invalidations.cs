using EdgeAuth.Storage;

namespace EdgeAuth.Sessions;

/// <summary>Takes changes in: from this node at once, from the others through the change log.</summary>
internal sealed class Invalidations(IChangeLog log, ChangeTracker changes, SessionCache sessions, OrgDirectory orgs, SessionsMetrics metrics)
{
    // No record: the id says nothing.
    private static readonly RecordId Reload = new(RecordKind.Reload, "");

    // What this node appended and has not read back yet, by position; under the gate of the change tracker.
    private readonly Dictionary<long, RecordId> _own = [];

    // What this node is appending at this moment: it may be read before its position is known. Under the gate too.
    private readonly List<RecordId> _appending = [];
    private int _lives;

    /// <summary>Raised after the caches have dropped what changed, for those who keep something else of it.</summary>
    public event EventHandler<ChangesEventArgs>? Applied;

    /// <summary>Raised when another node asked every node to reload its configuration. Handlers must return at once.</summary>
    public event EventHandler? ReloadAsked;

    /// <summary>
    /// Announces changes to every node, after they were written and before they are acknowledged. This node has taken them in when the call
    /// returns, also when the log could not be reached.
    /// </summary>
    private async ValueTask PublishAsync(IReadOnlyList<RecordId> changed, CancellationToken cancellationToken)
    {
        try
        {
            await AppendAsync(changed, cancellationToken);
        }
        finally
        {
            Apply(changed);
        }
    }

    /// <summary>Announces a changed or removed Key.</summary>
    public ValueTask PublishKeyAsync(KeyHash hash, CancellationToken cancellationToken) => PublishAsync([KeyRepository.IdOf(hash)], cancellationToken);

    /// <summary>Announces a Key whose counters were reset as well.</summary>
    public ValueTask PublishKeyAndCountersAsync(KeyHash hash, string owner, CancellationToken cancellationToken) =>
        PublishAsync([KeyRepository.IdOf(hash), new RecordId(RecordKind.Counter, owner)], cancellationToken);

    /// <summary>Announces changed, created or removed Clients.</summary>
    public ValueTask PublishClientsAsync(IEnumerable<(string Realm, string ClientId)> clients, CancellationToken cancellationToken) =>
        PublishAsync([.. clients.Select(static client => ClientRecordId.Of(client.Realm, client.ClientId))], cancellationToken);

    /// <summary>Announces a written or removed session of an organisation, and that its counters were reset if they were.</summary>
    public ValueTask PublishOrgAsync(string org, bool countersWereReset, CancellationToken cancellationToken) =>
        PublishAsync(
            countersWereReset ? [OrgSessions.IdOf(org), new RecordId(RecordKind.Counter, OrgSessions.CounterOwner(org))] : [OrgSessions.IdOf(org)],
            cancellationToken);

    /// <summary>Announces Keys of which some changed or ended.</summary>
    public ValueTask PublishKeysAsync(IEnumerable<KeyHash> hashes, CancellationToken cancellationToken) => PublishAsync([.. hashes.Select(KeyRepository.IdOf)], cancellationToken);

    /// <summary>Announces ended Grants with the access tokens issued under them.</summary>
    public ValueTask PublishGrantsAsync(IEnumerable<string> grantIds, IEnumerable<string> keyHashes, CancellationToken cancellationToken) =>
        PublishAsync([.. grantIds.Select(static id => new RecordId(RecordKind.Grant, id)), .. keyHashes.Select(static hash => new RecordId(RecordKind.Key, hash))], cancellationToken);

    /// <summary>Asks every other node to reload its configuration. A caller that reloads too does so afterwards.</summary>
    public ValueTask AskForReloadAsync(CancellationToken cancellationToken) => AppendAsync([Reload], cancellationToken);

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
    /// Takes in what was read from the log. What this node appended itself it has taken in already: to do so again would void leases that were
    /// granted since.
    /// </summary>
    /// <param name="page">What was read.</param>
    /// <param name="took">How long the reading took.</param>
    public void Hear(ChangePage page, TimeSpan took)
    {
        var others = TakeOthers(page);
        var changed = new List<RecordId>(others.Count);
        var mustReload = false;
        foreach (var index in others)
        {
            if (index < page.Ages.Count)
            {
                metrics.Propagated(page.Ages[index] + took);
            }

            if (page.Changes[index].Kind == RecordKind.Reload)
            {
                mustReload = true;
            }
            else
            {
                changed.Add(page.Changes[index]);
            }
        }

        if (changed.Count > 0)
        {
            Apply(changed);
        }

        if (mustReload)
        {
            ReloadAsked?.Invoke(this, EventArgs.Empty);
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

    // The changes that other nodes appended, by their place in the page.
    private List<int> TakeOthers(ChangePage page)
    {
        var others = new List<int>(page.Changes.Count);
        lock (changes.Gate)
        {
            var first = page.Last - page.Changes.Count + 1;
            for (var i = 0; i < page.Changes.Count; i++)
            {
                var change = page.Changes[i];
                var isOwn = _own.TryGetValue(first + i, out var own) && own == change;

                // Another's of the same kind is as good as taken in: what this node does itself comes after it.
                if (!isOwn && !(change.Kind is RecordKind.Counter or RecordKind.Reload && _appending.Contains(change)))
                {
                    others.Add(i);
                }
            }

            foreach (var passed in _own.Keys.Where(own => own <= page.Last).ToList())
            {
                _own.Remove(passed);
            }
        }

        return others;
    }

    private async ValueTask AppendAsync(IReadOnlyList<RecordId> appended, CancellationToken cancellationToken)
    {
        int life;
        lock (changes.Gate)
        {
            life = _lives;
            _appending.AddRange(appended);
        }

        long? last = null;
        try
        {
            // What was written must be told, whether or not its caller waits for it.
            last = await log.AppendAsync(appended, CancellationToken.None);
        }
        finally
        {
            lock (changes.Gate)
            {
                foreach (var (index, id) in appended.Index())
                {
                    _appending.Remove(id);

                    // Positions of a log that has since begun a new life say nothing: there, others may write under them.
                    if (last is { } position && life == _lives)
                    {
                        _own[position - appended.Count + 1 + index] = id;
                    }
                }
            }
        }
    }
}
