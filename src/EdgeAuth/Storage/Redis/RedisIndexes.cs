using System.Globalization;
using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>Indexes of records: each is two sorted sets, its order and the times at which entries expire.</summary>
internal sealed class RedisIndexes(RedisLink link)
{
    // What one script removes before others get their turn.
    private const int Bite = 1000;

    private static readonly RedisScript Change = new("index_change");
    private static readonly RedisScript List = new("index_list");

    /// <summary>
    /// Adds and removes entries of one record. Throws <see cref="StoreUnavailableException"/> when it is too late, by then the lock may be another's.
    /// </summary>
    public Task ChangeAsync(RecordId id, IEnumerable<RedisIndexEntry> added, IEnumerable<RedisIndexEntry> removed, string fence)
    {
        var changes = new Dictionary<string, List<RedisValue>>(StringComparer.Ordinal);
        foreach (var entry in removed)
        {
            Of(entry.Name).AddRange(["-", entry.MemberFor(id.Id), ""]);
        }

        // Last, since one that is added may be among the removed with another expiry.
        foreach (var entry in added)
        {
            Of(entry.Name).AddRange(["+", entry.MemberFor(id.Id), entry.Expires is { } expires ? expires : ""]);
        }

        return Task.WhenAll(changes.Select(change => ChangeAsync(id.Kind, change.Key, change.Value)));

        List<RedisValue> Of(string name) => changes.TryGetValue(name, out var list) ? list : changes[name] = [fence];
    }

    public async ValueTask<IndexPage> ListAsync(RecordKind kind, string name, int offset, int count, long now, CancellationToken cancellationToken)
    {
        var last = count > 0 ? (long)offset + count - 1 : -1;
        while (true)
        {
            var answer = (RedisResult[])(await link.EvalAsync(List, KeysOf(kind, name), [now, offset, last, Bite], RedisUse.Read, cancellationToken))!;
            var total = (long)answer[0];
            if (total < 0)
            {
                continue;
            }

            var items = new IndexPage.Item[answer.Length - 1];
            for (var i = 0; i < items.Length; i++)
            {
                items[i] = RedisIndexEntry.ReadMember((string)answer[i + 1]!);
            }

            return new IndexPage(items, total);
        }
    }

    private async Task ChangeAsync(RecordKind kind, string name, List<RedisValue> arguments)
    {
        if ((int)await link.EvalAsync(Change, KeysOf(kind, name), [.. arguments], RedisUse.Write, CancellationToken.None) == 0)
        {
            throw new StoreUnavailableException(string.Create(CultureInfo.InvariantCulture, $"Redis: an index could not be changed within {3 * link.Timeout.TotalMilliseconds} ms"));
        }
    }

    private RedisKey[] KeysOf(RecordKind kind, string name) => [link.Keys.IndexOrder(kind, name), link.Keys.IndexExpiry(kind, name)];
}
