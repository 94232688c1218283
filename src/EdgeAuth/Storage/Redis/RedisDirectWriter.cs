using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>
/// Writes records with all their index entries in one step, which needs no lock and leaves nothing half done: where one server has every key, that is
/// everywhere but on a cluster. What comes while calls are on their way goes together with the next one.
/// </summary>
internal sealed class RedisDirectWriter(RedisLink link)
{
    // More records than these would keep Redis from everybody else for too long.
    private const int LargestGroup = 64;
    private const int MostTogether = 32;

    // While Redis is at one, the next is on its way.
    private const int CallsAtOnce = 2;

    private static readonly RedisScript Put = new("record_put");

    private readonly Lock _gate = new();
    private readonly Queue<Group> _waiting = new();
    private int _calls;

    // Said by what passes for one server and is none, such as a proxy before a cluster.
    private volatile bool _isRefused;

    /// <summary>What came of it; <see cref="RedisBegun.Busy"/> where it must be done under locks, with nothing written.</summary>
    /// <param name="puts">The records.</param>
    /// <param name="witness">A record that must be as it was read.</param>
    /// <param name="now">In Unix milliseconds.</param>
    /// <param name="cancellationToken">Keeps it from beginning; once sent it may be done, whether or not the caller still waits.</param>
    public async Task<RedisBegun> PutAsync(IReadOnlyList<RedisPut> puts, RecordWitness? witness, long now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_isRefused || puts.Count > LargestGroup || link.IsCluster)
        {
            return RedisBegun.Busy;
        }

        var group = new Group();
        Write(group, puts, witness, now);
        lock (_gate)
        {
            if (_calls == CallsAtOnce)
            {
                _waiting.Enqueue(group);
                group.Waits();
            }
            else
            {
                _calls++;
            }
        }

        if (!group.IsWaiting)
        {
            _ = SendAsync([group]);
        }

        try
        {
            return await group.Outcome;
        }
        catch (StoreUnavailableException error) when (error.InnerException is RedisServerException answer && answer.Message.Contains("CROSSSLOT", StringComparison.Ordinal))
        {
            _isRefused = true;
            return RedisBegun.Busy;
        }
    }

    // Goes on until nothing waits.
    private async Task SendAsync(List<Group> groups)
    {
        while (groups.Count > 0)
        {
            try
            {
                var answer = (string?)await link.EvalAsync(Put, [.. groups.SelectMany(static group => group.Keys)], [.. groups.SelectMany(static group => group.Arguments)], RedisUse.Write, CancellationToken.None);
                foreach (var (at, group) in groups.Index())
                {
                    group.End(answer![at] switch
                    {
                        'd' => RedisBegun.Done,
                        'r' => RedisBegun.Refused,
                        _ => RedisBegun.Busy,
                    });
                }
            }
            catch (Exception error)
            {
                // Each is told, or it would wait for ever.
                groups.ForEach(group => group.Fail(error));
            }

            lock (_gate)
            {
                groups.Clear();
                while (groups.Count < MostTogether && _waiting.TryDequeue(out var next))
                {
                    groups.Add(next);
                }

                _calls -= groups.Count == 0 ? 1 : 0;
            }
        }
    }

    private void Write(Group group, IReadOnlyList<RedisPut> puts, RecordWitness? witness, long now)
    {
        var (keys, arguments) = (group.Keys, group.Arguments);
        arguments.AddRange([now, witness is { } seen ? seen.Version : RedisValue.EmptyString, puts.Count]);
        if (witness is not null)
        {
            keys.Add(link.Keys.Record(witness.Value.Id));
        }

        foreach (var put in puts)
        {
            keys.Add(link.Keys.Record(put.Id));
            if (put is { IsSwept: true, Expires: not null })
            {
                keys.Add(link.Keys.Expiries(RedisAgenda.ShardOf(put.Id)));
            }

            arguments.AddRange(
            [
                put.Condition, put.Index, put.Payload, put.Version, put.ExpiryText, put.TimeToLive,
                put.IsSwept ? RedisAgenda.MemberOf(put.Id) : RedisValue.EmptyString, put.Id.Kind == RecordKind.Key ? 1 : 0, put.Entries.Count,
            ]);
            foreach (var entry in put.Entries)
            {
                keys.Add(link.Keys.IndexOrder(put.Id.Kind, entry.Name));
                arguments.AddRange([entry.MemberFor(put.Id.Id), entry.Expires is { } expires ? expires : RedisValue.EmptyString]);
            }
        }
    }

    // Records that are written whole or not at all.
    private sealed class Group
    {
        private readonly TaskCompletionSource<RedisBegun> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<RedisKey> Keys { get; } = new(16);

        public List<RedisValue> Arguments { get; } = new(40);

        public bool IsWaiting { get; private set; }

        public Task<RedisBegun> Outcome => _outcome.Task;

        public void Waits() => IsWaiting = true;

        public void End(RedisBegun begun) => _outcome.TrySetResult(begun);

        public void Fail(Exception error) => _outcome.TrySetException(error);
    }
}
