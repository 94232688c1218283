namespace EdgeAuth.Storage;

/// <summary>
/// A sliding window of permits. Each counts until it is one window old; where many are live, those within a hundredth of the window are kept
/// as one and count until the last of them is that old. So no window, wherever it starts, holds more permits than the limit in force at its last
/// admission.
/// </summary>
/// <remarks>Times are ticks of a monotonic clock. Memory follows use, up to about 160 entries.</remarks>
internal sealed class RateWindow : RateCounter
{
    private const int BucketsPerWindow = 100;
    private const int MostSingle = 32;

    private readonly Lock _gate = new();
    private readonly long _length;
    private readonly long _bucketWidth;
    private Booking[] _ring = new Booking[2];
    private int _head;
    private int _count;
    private long _total;
    private long _latest = long.MinValue;
    private bool _retired;

    /// <param name="length">Length of the window in clock ticks.</param>
    public RateWindow(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        _length = length;
        _bucketWidth = Math.Max(1, length / BucketsPerWindow);
    }

    /// <inheritdoc/>
    public override RateAnswer TryTake(long now, long limit)
    {
        lock (_gate)
        {
            if (_retired)
            {
                return new RateAnswer(RateOutcome.Retired, 0, 0, 0);
            }

            now = Settle(now);
            if (_total >= limit)
            {
                return new RateAnswer(RateOutcome.Refused, 0, TicksUntilFree(now, _total - limit + 1), now);
            }

            Book(now);
            return new RateAnswer(RateOutcome.Taken, limit - _total, TicksUntilFree(now, 1), now);
        }
    }

    /// <summary>How the window stands, nothing taken: what is left of the limit, and when the next permit leaves the window.</summary>
    public RateAnswer Peek(long now, long limit)
    {
        lock (_gate)
        {
            now = Settle(now);
            return new RateAnswer(RateOutcome.Refused, Math.Max(0, limit - _total), TicksUntilFree(now, Math.Max(1, _total - limit + 1)), now);
        }
    }

    /// <inheritdoc/>
    public override RateAnswer GiveBack(in RateAnswer taken, long limit)
    {
        GiveBack(taken);
        return Peek(taken.BookedAt, limit);
    }

    /// <summary>Undoes a taken permit.</summary>
    public void GiveBack(in RateAnswer taken)
    {
        lock (_gate)
        {
            for (var i = 0; i < _count; i++)
            {
                ref var booking = ref At(i);
                if (booking.Permits > 0 && booking.First <= taken.BookedAt && taken.BookedAt <= booking.Last)
                {
                    booking.Permits--;
                    _total--;
                    return;
                }
            }
        }
    }

    /// <summary>Ends this window if it is empty, so that its owner may forget it.</summary>
    public bool TryRetire(long now)
    {
        lock (_gate)
        {
            Settle(now);
            _retired = _total == 0;
            return _retired;
        }
    }

    // Drops what has left the window. Time never runs backwards for a window, or a late caller would be booked before what was dropped:
    // it is moved up to the newest reading.
    private long Settle(long now)
    {
        now = _latest = Math.Max(now, _latest);
        while (_count > 0 && At(0).Last + _length <= now)
        {
            _total -= At(0).Permits;
            _head = (_head + 1) & (_ring.Length - 1);
            _count--;
        }

        return now;
    }

    private void Book(long now)
    {
        _total++;
        if (_count > 0)
        {
            ref var newest = ref At(_count - 1);
            if (now == newest.Last || (_count >= MostSingle && now - newest.First < _bucketWidth))
            {
                newest.Last = now;
                newest.Permits++;
                return;
            }
        }

        if (_count == _ring.Length)
        {
            Grow();
        }

        At(_count++) = new Booking(now, now, 1);
    }

    // How long until so many permits have left the window; 0 when nothing is booked.
    private long TicksUntilFree(long now, long permits)
    {
        for (var i = 0; i < _count; i++)
        {
            permits -= At(i).Permits;
            if (permits <= 0)
            {
                return Math.Max(0, At(i).Last + _length - now);
            }
        }

        return 0;
    }

    // The ring's length is a power of two.
    private ref Booking At(int index) => ref _ring[(_head + index) & (_ring.Length - 1)];

    private void Grow()
    {
        var larger = new Booking[_ring.Length * 2];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = At(i);
        }

        _ring = larger;
        _head = 0;
    }

    // Permits taken from the first to the last instant, both included.
    private record struct Booking(long First, long Last, long Permits);
}
