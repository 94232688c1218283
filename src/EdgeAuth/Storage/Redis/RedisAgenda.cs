using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>
/// What the sweeper must look at: records that expire, by when, and records whose index entries are being changed, by when that began. Both are
/// spread over many keys.
/// </summary>
internal sealed class RedisAgenda(RedisLink link)
{
    private const int TokenLength = 16;

    private static readonly RedisScript Mark = new("sweep_mark");
    private static readonly RedisScript Expiry = new("sweep_expiry");
    private static readonly RedisScript Due = new("sweep_due");
    private static readonly RedisScript Settle = new("sweep_settle");

    /// <summary>Has the sweeper look at a record some time from now, unless the mark is taken back.</summary>
    public async Task<RedisMark> MarkAsync(RecordId id)
    {
        var mark = new RedisMark(id, RandomNumberGenerator.GetHexString(TokenLength, lowercase: true) + ":" + MemberOf(id));
        await link.EvalAsync(Mark, [link.Keys.Pending(ShardOf(id))], [mark.Member], RedisUse.Write, CancellationToken.None);
        return mark;
    }

    /// <summary>Takes a mark back. Nobody waits for it: one that stays costs a look.</summary>
    public void Forget(Task<RedisMark> marking) => Quietly(ForgetAsync(marking));

    /// <summary>Sets when a record expires; null for never. Throws <see cref="StoreUnavailableException"/> when it is too late to do so.</summary>
    public async Task ExpireAsync(RecordId id, long? expires, string fence)
    {
        RedisValue[] arguments = [fence, MemberOf(id), expires is { } given ? given : ""];
        if ((int)await link.EvalAsync(Expiry, [link.Keys.Expiries(ShardOf(id))], arguments, RedisUse.Write, CancellationToken.None) == 0)
        {
            throw new StoreUnavailableException("Redis: the expiry of a record could not be set in time");
        }
    }

    /// <summary>What is due in one shard, at most so many of each sort.</summary>
    public async Task<IReadOnlyList<RedisDueRecord>> DueAsync(int shard, TimeSpan age, long now, int most, CancellationToken cancellationToken)
    {
        var answer = (RedisResult[])(await link.EvalAsync(
            Due, [link.Keys.Pending(shard), link.Keys.Expiries(shard)], [(long)age.TotalSeconds, now, most], RedisUse.Read, cancellationToken))!;
        return [.. Read((RedisValue[])answer[0]!, isMark: true), .. Read((RedisValue[])answer[1]!, isMark: false)];
    }

    /// <summary>Crosses off what was looked at; an expiry that was set anew stays.</summary>
    public Task SettleAsync(RedisDueRecord due) => due.IsMark
        ? ForgetAsync(new RedisMark(due.Id, due.Member))
        : link.EvalAsync(Settle, [link.Keys.Expiries(ShardOf(due.Id))], [due.Member, due.Score], RedisUse.Write, CancellationToken.None);

    private async Task ForgetAsync(Task<RedisMark> marking) => await ForgetAsync(await marking);

    private Task<bool> ForgetAsync(RedisMark mark) => link.AskAsync(
        RedisUse.Write,
        (Key: link.Keys.Pending(ShardOf(mark.Id)), mark.Member),
        static (database, call) => database.SortedSetRemoveAsync(call.Key, call.Member, CommandFlags.DemandMaster),
        CancellationToken.None);

    private static IEnumerable<RedisDueRecord> Read(RedisValue[] pairs, bool isMark)
    {
        for (var i = 0; i < pairs.Length; i += 2)
        {
            var member = (string)pairs[i]!;
            var rest = member.AsSpan(isMark ? TokenLength + 1 : 0);
            var end = rest.IndexOf(':');
            var id = new RecordId((RecordKind)int.Parse(rest[..end], CultureInfo.InvariantCulture), rest[(end + 1)..].ToString());
            yield return new RedisDueRecord(id, member, (string)pairs[i + 1]!, isMark);
        }
    }

    /// <summary>What a record is called in the list of expiries.</summary>
    public static string MemberOf(RecordId id) => string.Create(CultureInfo.InvariantCulture, $"{(int)id.Kind}:{id.Id}");

    // Must be the same in every process and release.
    public static int ShardOf(RecordId id)
    {
        var hash = 2166136261;
        foreach (var part in Encoding.UTF8.GetBytes(id.Id))
        {
            hash = (hash ^ part) * 16777619;
        }

        return (int)(hash % RedisKeyspace.Shards);
    }

    private static void Quietly(Task task) => _ = task.ContinueWith(
        static failed => _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
