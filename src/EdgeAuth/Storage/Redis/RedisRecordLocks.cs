using System.Security.Cryptography;
using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>The scripts on one record, which stand between a reader and a half-written record.</summary>
internal sealed class RedisRecordLocks(RedisLink link)
{
    private static readonly RedisScript Begin = new("record_begin");
    private static readonly RedisScript Write = new("record_write");
    private static readonly RedisScript Remove = new("record_remove");
    private static readonly RedisScript Visit = new("record_visit");
    private static readonly RedisScript Release = new("record_release");
    private static readonly RedisScript Drop = new("record_drop");
    private static readonly RedisValue[] Standing = ["v", "e"];

    /// <summary>
    /// How long a change may take: three calls at their slowest. Entries are changed within this time only, so that no late change can meet the next
    /// holder of the lock.
    /// </summary>
    public TimeSpan Fence { get; init; } = 3 * link.Timeout;

    /// <summary>How long a lock lasts whose holder does not let it go.</summary>
    public TimeSpan Life { get; init; } = 4 * link.Timeout;

    /// <summary>Whether a record is as it was read.</summary>
    public async Task<bool> StandsAsync(RecordWitness witness, long now, CancellationToken cancellationToken)
    {
        var fields = await link.AskAsync(
            RedisUse.Read, link.Keys.Record(witness.Id), static (database, key) => database.HashGetAsync(key, Standing, CommandFlags.DemandMaster), cancellationToken);
        return !fields[0].IsNull && (long)fields[0] == witness.Version && (fields[1].IsNull || (long)fields[1] > now);
    }

    /// <summary>Checks the condition, then writes at once where that can be, else locks.</summary>
    public async Task<RedisBegun> BeginAsync(RedisPut put, bool mayWriteAtOnce, long now)
    {
        var token = NewToken();
        var answer = (RedisResult[])(await link.EvalAsync(
            Begin,
            [link.Keys.Record(put.Id)],
            [
                now, token, Milliseconds(Life), Milliseconds(Fence), put.Condition, put.Index, put.IsSwept ? 1 : 0, mayWriteAtOnce ? 1 : 0,
                mayWriteAtOnce ? put.Payload : RedisValue.EmptyString, put.Version, put.ExpiryText, put.TimeToLive,
                put.Id.Kind == RecordKind.Key ? 1 : 0,
            ],
            RedisUse.Write,
            CancellationToken.None))!;
        switch ((string)answer[0]!)
        {
            case "refused":
                return RedisBegun.Refused;
            case "busy":
                return RedisBegun.Busy;
            case "done":
                return RedisBegun.Done;
            default:
                put.Lock = RedisLock.Read(put.Id, token, answer);
                return RedisBegun.Locked;
        }
    }

    /// <summary>Writes under the lock, and lets go of it where <paramref name="release"/> says so. False when the lock is another's by now.</summary>
    public async Task<bool> WriteAsync(RedisPut put, bool release, long now) => 1 == (int)await link.EvalAsync(
        Write,
        KeysOf(put.Id),
        [now, put.Lock!.Token, release ? 1 : 0, put.Index, put.Payload, put.Version, put.ExpiryText, put.TimeToLive],
        RedisUse.Write,
        CancellationToken.None);

    /// <summary>Lets go of a lock; what is given stays noted.</summary>
    public Task ReleaseAsync(RedisLock held, string noted) =>
        link.EvalAsync(Release, [link.Keys.Record(held.Id)], [held.Token, noted], RedisUse.Write, CancellationToken.None);

    /// <summary>Removes a record; where it had index entries it is left locked.</summary>
    public async Task<RedisRemoval> RemoveAsync(RecordId id, string condition, bool whateverIsLeft, long now)
    {
        var token = NewToken();
        var answer = (RedisResult[])(await link.EvalAsync(
            Remove, KeysOf(id), [now, token, Milliseconds(Life), Milliseconds(Fence), condition, whateverIsLeft ? 1 : 0], RedisUse.Write, CancellationToken.None))!;
        return (string)answer[0]! switch
        {
            "absent" => new RedisRemoval(RedisBegun.Refused),
            "busy" => new RedisRemoval(RedisBegun.Busy),
            "done" => new RedisRemoval(RedisBegun.Done, Record(answer[1], answer[2], answer[3])),
            _ => new RedisRemoval(RedisBegun.Locked, Record(answer[5], answer[6], answer[4]), RedisLock.Read(id, token, answer)),
        };

        StoredRecord? Record(RedisResult payload, RedisResult version, RedisResult expiry) =>
            (string?)version is { Length: > 0 } ? RedisRecordStore.Read(id, (RedisValue)payload, (RedisValue)version, (RedisValue)expiry) : null;
    }

    /// <summary>Looks at a record for the sweeper; see the script.</summary>
    public async Task<RedisVisit> VisitAsync(RecordId id, bool force, long now)
    {
        var token = NewToken();
        var answer = (RedisResult[])(await link.EvalAsync(
            Visit, KeysOf(id), [now, token, Milliseconds(Life), Milliseconds(Fence), force ? 1 : 0], RedisUse.Write, CancellationToken.None))!;
        return (string)answer[0]! switch
        {
            "none" => new RedisVisit(RedisBegun.Refused),
            "busy" => new RedisVisit(RedisBegun.Busy),
            "right" => new RedisVisit(RedisBegun.Done),
            _ => new RedisVisit(RedisBegun.Locked, RedisLock.Read(id, token, answer), (int)answer[5] == 1),
        };
    }

    /// <summary>Ends what is left of a removed record.</summary>
    public Task DropAsync(RedisLock held) =>
        link.EvalAsync(Drop, [link.Keys.Record(held.Id)], [held.Token], RedisUse.Write, CancellationToken.None);

    // A Key's counters end with it.
    private RedisKey[] KeysOf(RecordId id) => id.Kind == RecordKind.Key ? [link.Keys.Record(id), link.Keys.Quotas(id.Id)] : [link.Keys.Record(id)];

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;

    private static string NewToken() => RandomNumberGenerator.GetHexString(16, lowercase: true);
}
