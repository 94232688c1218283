using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>
/// Removes expired records with their index entries and counters, and puts right what a crash left of a change: one node at a time, in bites.
/// </summary>
internal sealed partial class RedisSweeper(
    RedisLink link, RedisRecordLocks locks, RedisIndexes indexes, RedisAgenda agenda, StoreOutage outage, TimeProvider time, ILogger<RedisSweeper> logger) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    /// <summary>How old a change must be to count as one that never ended: far longer than any takes.</summary>
    internal static readonly TimeSpan Age = TimeSpan.FromSeconds(15);

    private const int Bite = 64;

    // Shorter than the interval, so that the next turn may be another node's, and renewed while there is much to do.
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(15);

    private readonly RedisKey _turn = link.Keys.Shared("sweep", "");

    /// <summary>Removes all that has expired by now, and looks at all changes that began that long ago. Returns how many records went or were put right.</summary>
    public async Task<int> SweepAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var total = 0;
        for (var shard = 0; shard < RedisKeyspace.Shards; shard++)
        {
            IReadOnlyList<RedisDueRecord> due;
            int changed, seen;
            do
            {
                due = await agenda.DueAsync(shard, age, now, Bite, cancellationToken);
                var outcomes = await Task.WhenAll(due.Select(record => VisitAsync(record, now)));
                (changed, seen) = (outcomes.Count(static outcome => outcome == true), outcomes.Count(static outcome => outcome is not null));
                total += changed;
            }
            while (due.Count >= Bite && seen > 0 && await KeepTurnAsync(cancellationToken));
        }

        return total;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (outage.State == StoreState.Up && await TakeTurnAsync(stoppingToken))
                {
                    await SweepAsync(Age, stoppingToken);
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                Log.SweepFailed(logger, error);
            }
        }
    }

    private Task<bool> TakeTurnAsync(CancellationToken cancellationToken) => link.RunAsync(
        RedisUse.Write, database => database.StringSetAsync(_turn, RedisValue.EmptyString, Turn, When.NotExists, CommandFlags.DemandMaster), cancellationToken);

    private async Task<bool> KeepTurnAsync(CancellationToken cancellationToken)
    {
        await link.RunAsync(RedisUse.Write, database => database.KeyExpireAsync(_turn, Turn, CommandFlags.DemandMaster), cancellationToken);
        return true;
    }

    // True when something was changed, false when nothing was wrong, null when another is at it.
    private async Task<bool?> VisitAsync(RedisDueRecord due, long now)
    {
        var visit = await locks.VisitAsync(due.Id, force: !due.IsMark, now);
        if (visit.Begun == RedisBegun.Busy)
        {
            return null;
        }

        if (visit.Lock is { } held)
        {
            await (visit.Lives ? RepairAsync(held) : RemoveAsync(held));
        }

        await agenda.SettleAsync(due);
        return visit.Lock is not null;
    }

    private async Task RepairAsync(RedisLock held)
    {
        var entries = RedisIndexEntry.Read(held.Index);
        var left = RedisIndexEntry.Read(held.Noted).Where(entry => !entries.Exists(own => own.IsAt(entry)));
        var expires = entries.Count > 0 || held.Id.Kind == RecordKind.Key ? held.ExpiresAt : null;
        await Task.WhenAll(
            indexes.ChangeAsync(held.Id, entries, left, held.Fence),
            agenda.ExpireAsync(held.Id, expires, held.Fence));
        await locks.ReleaseAsync(held, "");
    }

    private async Task RemoveAsync(RedisLock held)
    {
        await Task.WhenAll(
            indexes.ChangeAsync(held.Id, [], held.Entries, held.Fence),
            agenda.ExpireAsync(held.Id, null, held.Fence));
        await locks.DropAsync(held);
    }

    private static partial class Log
    {
        [LoggerMessage(713, LogLevel.Warning, "Expired records could not be removed; the next sweep tries again", EventName = "RedisSweepFailed")]
        public static partial void SweepFailed(ILogger logger, Exception error);
    }
}
