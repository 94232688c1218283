using System.Globalization;
using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>
/// Records in Redis, each a hash beside the counters of the same owner; docs/redis.md says what stands where. Expiry is by this gateway's clock.
/// </summary>
internal sealed class RedisRecordStore(RedisLink link, RedisRecordWriter writer, RedisIndexes indexes, TimeProvider time) : IRecordStore
{
    // Removals under way at once: several calls each, and none may be kept waiting for its answer by the others.
    private const int Bite = 64;

    private static readonly RedisValue[] Fields = ["d", "v", "e"];

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public ValueTask<StoredRecord?> GetAsync(RecordId id, CancellationToken cancellationToken) => new(FindAsync(id, Now, cancellationToken));

    public async ValueTask<IReadOnlyList<StoredRecord?>> GetManyAsync(IReadOnlyList<RecordId> ids, CancellationToken cancellationToken)
    {
        var now = Now;
        return await Task.WhenAll(ids.Select(id => FindAsync(id, now, cancellationToken)));
    }

    public async ValueTask<long?> PutAsync(RecordWrite write, PutCondition condition, CancellationToken cancellationToken)
    {
        var now = Now;
        var put = new RedisPut(write, RedisPut.ConditionText(condition), now);
        return await writer.PutAsync([put], now, cancellationToken) ? put.Version : null;
    }

    public async ValueTask<bool> PutAllAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancellationToken)
    {
        var now = Now;
        return Puts(writes, now) is { } puts && (puts.Count == 0 || await writer.PutAsync(puts, now, cancellationToken));
    }

    public async ValueTask<bool> PutAllAsync(IReadOnlyList<RecordWrite> writes, RecordWitness witness, CancellationToken cancellationToken)
    {
        var now = Now;
        return Puts(writes, now) is { } puts && await writer.PutAsync(puts, witness, now, cancellationToken);
    }

    // Null where conditions contradict each other.
    private static List<RedisPut>? Puts(IReadOnlyList<RecordWrite> writes, long now)
    {
        var puts = new List<RedisPut>(writes.Count);
        foreach (var record in writes.Select(static (write, at) => (write, at)).GroupBy(static pair => pair.write.Id).OrderBy(static group => group.Last().at))
        {
            // Of several writes of one record the last stays; what each asks for must hold of the record as it was.
            var conditions = record.Select(static pair => RedisPut.ConditionText(pair.write.Condition)).Where(static text => text.Length > 0).Distinct(StringComparer.Ordinal).ToList();
            if (conditions.Count > 1)
            {
                return null;
            }

            puts.Add(new RedisPut(record.Last().write, conditions.Count == 0 ? "" : conditions[0], now));
        }

        return puts;
    }

    public async ValueTask<bool> DeleteAsync(RecordId id, long? version, CancellationToken cancellationToken) =>
        await writer.RemoveAsync(id, version is { } given ? string.Create(CultureInfo.InvariantCulture, $"v{given}") : "", whateverIsLeft: false, Now, cancellationToken) is not null;

    public async ValueTask DeleteAllAsync(IReadOnlyList<RecordId> ids, CancellationToken cancellationToken)
    {
        var now = Now;
        foreach (var bite in ids.Distinct().Chunk(Bite))
        {
            await Task.WhenAll(bite.Select(id => writer.RemoveAsync(id, "", whateverIsLeft: true, now, cancellationToken)));
        }
    }

    public async ValueTask<StoredRecord?> TakeAsync(RecordId id, CancellationToken cancellationToken) =>
        await writer.RemoveAsync(id, "", whateverIsLeft: false, Now, cancellationToken);

    public ValueTask<IndexPage> ListAsync(RecordKind kind, string index, int offset, int count, CancellationToken cancellationToken) =>
        indexes.ListAsync(kind, index, offset, count, Now, cancellationToken);

    /// <summary>A record from its fields.</summary>
    public static StoredRecord Read(RecordId id, RedisValue payload, RedisValue version, RedisValue expiry) => new(
        id,
        (byte[]?)payload ?? [],
        (long)version,
        expiry.IsNullOrEmpty ? null : DateTimeOffset.FromUnixTimeMilliseconds((long)expiry));

    private async Task<StoredRecord?> FindAsync(RecordId id, long now, CancellationToken cancellationToken)
    {
        var fields = await link.AskAsync(
            RedisUse.Read, link.Keys.Record(id), static (database, key) => database.HashGetAsync(key, Fields, CommandFlags.DemandMaster), cancellationToken);
        return fields[1].IsNull || (!fields[2].IsNull && (long)fields[2] <= now) ? null : Read(id, fields[0], fields[1], fields[2]);
    }
}
