namespace EdgeAuth.Tests.TestHost;

/// <summary>
/// A clock that moves when it is told to. Its tick frequency is odd on purpose, so that a confusion of units shows.
/// </summary>
internal sealed class FakeTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private TimeSpan _elapsed = TimeSpan.FromHours(7);

    public override long TimestampFrequency => 3_000_017;

    /// <summary>How many timers wait. A background service makes its own on another thread, so a test that moves the clock waits for it first.</summary>
    public int Timers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return (long)(_elapsed.TotalSeconds * TimestampFrequency);
        }
    }

    /// <summary>Moves both clocks on and fires the timers that come due, in their order.</summary>
    public void Advance(TimeSpan by)
    {
        TimeSpan target;
        lock (_gate)
        {
            target = _elapsed + by;
        }

        while (true)
        {
            FakeTimer? due;
            lock (_gate)
            {
                due = _timers.Where(timer => timer.Due <= target).MinBy(static timer => timer.Due);
                var step = (due is null || due.Due < _elapsed ? due is null ? target : _elapsed : due.Due) - _elapsed;
                _elapsed += step;
                _now += step;
                due?.Reschedule();
            }

            if (due is null)
            {
                return;
            }

            due.Fire();
        }
    }

    /// <summary>
    /// Moves both clocks on at once, then fires the timers that came due, each once: as for a machine that slept. For days, in which
    /// <see cref="Advance"/> would fire what is periodic a million times.
    /// </summary>
    public void Leap(TimeSpan by)
    {
        List<FakeTimer> due;
        lock (_gate)
        {
            _elapsed += by;
            _now += by;
            due = [.. _timers.Where(timer => timer.Due <= _elapsed).OrderBy(static timer => timer.Due)];
            due.ForEach(static timer => timer.RescheduleFromNow());
        }

        due.ForEach(static timer => timer.Fire());
    }

    /// <summary>True while some timer comes due after exactly this time: whoever waits for it has begun to.</summary>
    public bool HasTimerIn(TimeSpan left)
    {
        lock (_gate)
        {
            return _timers.Exists(timer => timer.Due - _elapsed == left);
        }
    }

    /// <summary>How many timers come due after exactly this time.</summary>
    public int CountIn(TimeSpan left)
    {
        lock (_gate)
        {
            return _timers.Count(timer => timer.Due - _elapsed == left);
        }
    }

    /// <summary>Steps the wall clock alone, as a correction of the machine's time does.</summary>
    public void StepWallClock(TimeSpan by)
    {
        lock (_gate)
        {
            _now += by;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class FakeTimer(FakeTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public TimeSpan Due { get; private set; }

        public void Fire() => callback(state);

        public void Reschedule()
        {
            if (_period == Timeout.InfiniteTimeSpan || _period == TimeSpan.Zero)
            {
                time._timers.Remove(this);
            }
            else
            {
                Due += _period;
            }
        }

        public void RescheduleFromNow()
        {
            Due = time._elapsed;
            Reschedule();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                _period = period;
                time._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = time._elapsed + dueTime;
                    time._timers.Add(this);
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
