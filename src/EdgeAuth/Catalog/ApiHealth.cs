namespace EdgeAuth.Catalog;

/// <summary>What became of the requests of one API in each of the last seconds; kept only where statistics are switched on.</summary>
internal sealed class ApiHealth
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Second[] _ring;

    /// <param name="time">The clock.</param>
    /// <param name="seconds">How many seconds are kept.</param>
    public ApiHealth(TimeProvider time, int seconds)
    {
        _time = time;
        _ring = new Second[seconds];
        for (var i = 0; i < seconds; i++)
        {
            _ring[i] = new Second();
        }
    }

    public int Seconds => _ring.Length;

    public void Count(HealthEvent happened)
    {
        lock (_gate)
        {
            Current().Events[(int)happened]++;
        }
    }

    /// <summary>Counts an answer of the upstream.</summary>
    /// <param name="forwardedAt">When the request was forwarded, by the monotonic clock.</param>
    public void CountAnswer(long forwardedAt)
    {
        var elapsed = _time.GetElapsedTime(forwardedAt);
        lock (_gate)
        {
            var current = Current();
            current.Answers++;
            current.Latency += elapsed;
        }
    }

    public HealthFigures Read()
    {
        lock (_gate)
        {
            var oldest = Now() - _ring.Length;
            var kept = Array.FindAll(_ring, second => second.At > oldest);
            var answers = kept.Sum(static second => second.Answers);
            var latency = kept.Sum(static second => second.Latency.TotalMilliseconds);
            return new HealthFigures(
                PerSecond(HealthEvent.Throttled),
                PerSecond(HealthEvent.QuotaViolation),
                PerSecond(HealthEvent.KeyFailure),
                answers == 0 ? 0 : Rounded(latency / answers),
                PerSecond(HealthEvent.Request));

            double PerSecond(HealthEvent happened) => Rounded((double)kept.Sum(second => second.Events[(int)happened]) / _ring.Length);
        }
    }

    private static double Rounded(double value) => Math.Round(value, 2);

    private long Now() => _time.GetTimestamp() / _time.TimestampFrequency;

    private Second Current()
    {
        var now = Now();
        var current = _ring[now % _ring.Length];
        if (current.At != now)
        {
            current.Begin(now);
        }

        return current;
    }

    private sealed class Second
    {
        public long At { get; private set; } = long.MinValue;

        public long[] Events { get; } = new long[Enum.GetValues<HealthEvent>().Length];

        public long Answers { get; set; }

        public TimeSpan Latency { get; set; }

        public void Begin(long at)
        {
            (At, Answers, Latency) = (at, 0, TimeSpan.Zero);
            Array.Clear(Events);
        }
    }
}
