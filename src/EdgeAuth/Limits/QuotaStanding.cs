using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>What the ledger said last of a quota, and until when it holds.</summary>
internal struct QuotaStanding()
{
    private bool _known;
    private long _until = long.MaxValue;

    /// <summary>What counts as used, this node's lease included.</summary>
    public long Used { get; set; }

    public DateTimeOffset? Ends { get; private set; }

    /// <summary>True once the period has ended, as far as it is known: then nothing leased in it may be spent.</summary>
    public readonly bool HasEnded(long now) => now >= _until;

    public readonly bool IsKnown(long now) => _known && now < _until;

    public void Take(QuotaGrant grant, long sentAt, TimeProvider time) =>
        (_known, Used, Ends, _until) = (true, grant.Used, grant.PeriodEnds, Until(sentAt, grant.PeriodLeft, time));

    public void Take(QuotaReading? reading, TimeProvider time) =>
        (_known, Used, Ends, _until) = (true, reading?.Used ?? 0, reading?.PeriodEnds, Until(time.GetTimestamp(), reading?.PeriodEnds - time.GetUtcNow(), time));

    /// <summary>The counter was reset: nothing is known of the new one.</summary>
    public void Forget() => (_known, _until) = (false, long.MaxValue);

    private static long Until(long from, TimeSpan? left, TimeProvider time) =>
        left is { } length ? from + (long)(length.TotalSeconds * time.TimestampFrequency) : long.MaxValue;
}
