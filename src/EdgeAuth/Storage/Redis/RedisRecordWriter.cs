namespace EdgeAuth.Storage.Redis;

/// <summary>
/// Writes and removes records with their index entries, which stand on other servers of a cluster: under the record's lock, entries are added
/// before the record is written and removed after. What a crash leaves in between, the sweeper finds by the mark that was set before. What can be
/// written in one step is.
/// </summary>
internal sealed class RedisRecordWriter(RedisLink link, RedisDirectWriter direct, RedisRecordLocks locks, RedisIndexes indexes, RedisAgenda agenda)
{
    // The sweeper looks at what is marked only after longer than this.
    private static readonly TimeSpan FreshMark = TimeSpan.FromSeconds(5);

    private static readonly TimeProvider Wire = TimeProvider.System;

    /// <summary>Writes one record or several; false, with nothing written, when a condition does not hold.</summary>
    public async Task<bool> PutAsync(IReadOnlyList<RedisPut> puts, long now, CancellationToken cancellationToken) => await direct.PutAsync(puts, witness: null, now, cancellationToken) switch
    {
        RedisBegun.Done => true,
        RedisBegun.Refused => false,
        _ => await PutLockedAsync(puts, now, cancellationToken),
    };

    /// <summary>Writes, if another record is as it was read.</summary>
    public async Task<bool> PutAsync(IReadOnlyList<RedisPut> puts, RecordWitness witness, long now, CancellationToken cancellationToken) => await direct.PutAsync(puts, witness, now, cancellationToken) switch
    {
        RedisBegun.Done => true,
        RedisBegun.Refused => false,
        _ => await locks.StandsAsync(witness, now, cancellationToken) && await PutLockedAsync(puts, now, cancellationToken),
    };

    private async Task<bool> PutLockedAsync(IReadOnlyList<RedisPut> puts, long now, CancellationToken cancellationToken)
    {
        var marked = Wire.GetTimestamp();
        foreach (var put in puts)
        {
            // A write on a version mostly changes no entry, and needs no mark.
            if (put.IsSwept && !put.Condition.StartsWith('v'))
            {
                put.Mark = agenda.MarkAsync(put.Id);
            }
        }

        var begun = await BeginAsync(puts, now, cancellationToken);
        if (begun == RedisBegun.Locked)
        {
            // Once it has begun it is brought to its end, whether or not the caller still waits.
            await WriteLockedAsync(puts, now, marked);
        }

        // Where it failed before, the marks stay.
        foreach (var put in puts)
        {
            if (put.Mark is { } marking)
            {
                agenda.Forget(marking);
            }
        }

        return begun != RedisBegun.Refused;
    }

    /// <summary>Removes a record; null when there was none that the condition holds of.</summary>
    /// <param name="id">The record.</param>
    /// <param name="condition">Empty, or <c>v</c> and the version it must have.</param>
    /// <param name="whateverIsLeft">Remove an expired one too, and what a crash left of one.</param>
    /// <param name="now">In Unix milliseconds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<StoredRecord?> RemoveAsync(RecordId id, string condition, bool whateverIsLeft, long now, CancellationToken cancellationToken)
    {
        var marking = agenda.MarkAsync(id);
        await marking;
        var patience = new RedisPatience(2 * link.Timeout);
        RedisRemoval removal;
        while ((removal = await locks.RemoveAsync(id, condition, whateverIsLeft, now)).Begun == RedisBegun.Busy)
        {
            await patience.WaitAsync(cancellationToken);
        }

        if (removal.Lock is { } held)
        {
            await Task.WhenAll(
                indexes.ChangeAsync(id, [], held.Entries, held.Fence),
                agenda.ExpireAsync(id, null, held.Fence));
            await locks.DropAsync(held);
        }

        agenda.Forget(marking);
        return removal.Record;
    }

    // All are locked at once; where one is another's the rest are let go, so that two writers never wait for each other.
    private async Task<RedisBegun> BeginAsync(IReadOnlyList<RedisPut> puts, long now, CancellationToken cancellationToken)
    {
        var patience = new RedisPatience(2 * link.Timeout);
        while (true)
        {
            var tasks = puts.Select(put => locks.BeginAsync(put, mayWriteAtOnce: puts.Count == 1, now)).ToArray();
            RedisBegun[] begun;
            try
            {
                begun = await Task.WhenAll(tasks);
            }
            catch (StoreUnavailableException)
            {
                await TryReleaseAsync(puts);
                throw;
            }

            if (!begun.Contains(RedisBegun.Refused) && !begun.Contains(RedisBegun.Busy))
            {
                return begun.Contains(RedisBegun.Locked) ? RedisBegun.Locked : RedisBegun.Done;
            }

            await Task.WhenAll(puts.Select(ReleaseAsync));
            if (begun.Contains(RedisBegun.Refused))
            {
                return RedisBegun.Refused;
            }

            await patience.WaitAsync(cancellationToken);
        }
    }

    private async Task WriteLockedAsync(IReadOnlyList<RedisPut> puts, long now, long marked)
    {
        var started = Wire.GetTimestamp();
        await Task.WhenAll(puts.Select(put => MarkAsync(put, marked)));
        await Task.WhenAll(puts.Select(AddEntriesAsync));
        if (Wire.GetElapsedTime(started) > locks.Fence)
        {
            throw new StoreUnavailableException("Redis: a record could not be written in time");
        }

        // One after the other, since a crash must leave the first of them.
        foreach (var put in puts)
        {
            if (!await locks.WriteAsync(put, release: !HasLeftovers(put), now))
            {
                throw new StoreUnavailableException("Redis: a record could not be written in time");
            }
        }

        await Task.WhenAll(puts.Where(HasLeftovers).Select(RemoveEntriesAsync));
    }

    private async Task MarkAsync(RedisPut put, long marked)
    {
        if (put.Mark is null || Wire.GetElapsedTime(marked) > FreshMark)
        {
            put.Mark = agenda.MarkAsync(put.Id);
        }

        await put.Mark;
    }

    /// <summary>
    /// Adds the entries of a record that is locked. Within one index an entry takes the place of the record's others, so that the record is counted
    /// once at every moment.
    /// </summary>
    internal Task AddEntriesAsync(RedisPut put)
    {
        var held = put.Lock!;
        var replaced = held.Entries.Where(entry => put.Entries.Exists(own => own.IsIn(entry.Name)) && !put.Entries.Exists(own => own.IsAt(entry)));
        var changed = indexes.ChangeAsync(put.Id, put.Entries, replaced, held.Fence);
        return put is { IsSwept: true, Expires: { } expires } ? Task.WhenAll(changed, agenda.ExpireAsync(put.Id, expires, held.Fence)) : changed;
    }

    private async Task RemoveEntriesAsync(RedisPut put)
    {
        var held = put.Lock!;
        var left = held.Entries.Where(entry => !put.Entries.Exists(own => own.IsIn(entry.Name)));
        var removed = indexes.ChangeAsync(put.Id, [], left, held.Fence);
        await (put is { IsSwept: true, Expires: not null } ? removed : Task.WhenAll(removed, agenda.ExpireAsync(put.Id, null, held.Fence)));
        await locks.ReleaseAsync(held, "");
    }

    private static bool HasLeftovers(RedisPut put)
    {
        var held = put.Lock!;
        return (held.Expiry.Length > 0 && !(put is { IsSwept: true, Expires: not null }))
            || held.Entries.Exists(entry => !put.Entries.Exists(own => own.IsIn(entry.Name)));
    }

    private async Task ReleaseAsync(RedisPut put)
    {
        if (put.Lock is { } held)
        {
            put.Lock = null;
            await locks.ReleaseAsync(held, held.Noted);
        }
    }

    private async Task TryReleaseAsync(IReadOnlyList<RedisPut> puts)
    {
        try
        {
            await Task.WhenAll(puts.Select(ReleaseAsync));
        }
        catch (StoreUnavailableException)
        {
            // They end by themselves.
        }
    }
}
