using EdgeAuth.Catalog;
using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>A quota that is refilled with the trip of a rate: its part of the call. It ends with the call, whether or not an answer arrived.</summary>
internal sealed class QuotaRide : IDisposable
{
    private readonly TaskCompletionSource _call = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly QuotaCounter _counter;
    private readonly TimeProvider _time;
    private readonly long _sentAt;
    private QuotaAsk _ask;
    private QuotaGrant? _grant;

    private QuotaRide(QuotaCounter counter, long sentAt, TimeProvider time) => (_counter, _sentAt, _time) = (counter, sentAt, time);

    public QuotaDemand Demand { get; private set; } = null!;

    /// <summary>Joins a trip, unless the quota has as many permits as are going to be needed, is used up, or is asked for already.</summary>
    public static QuotaRide? TryBegin(QuotaCounter counter, QuotaLimit limit, long needed, long sentAt, TimeProvider time)
    {
        var ride = new QuotaRide(counter, sentAt, time);
        if (!counter.TryRide(ride._call.Task, limit.Permits, needed, sentAt, time, out ride._ask))
        {
            return null;
        }

        ride.Demand = QuotaBook.Demand(counter, limit, ride._ask);
        return ride;
    }

    public void Arrived(QuotaGrant grant) => _grant = grant;

    public void Dispose()
    {
        _counter.EndAsk(_ask, _grant, _sentAt, _time);
        _call.SetResult();
    }
}
