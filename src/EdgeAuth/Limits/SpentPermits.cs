using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>What a node spent of its lease, and when, until it is reported.</summary>
/// <param name="window">The window's length in microseconds.</param>
internal sealed class SpentPermits(long window)
{
    private const int MostExact = 64;
    private const int StepsPerWindow = 100;

    private readonly long _step = Math.Max(1, window / StepsPerWindow);
    private readonly List<PermitsAt> _spent = [];

    /// <summary>A permit was spent, so long after the lease was asked for. Where many were, the instant is rounded up; it is returned.</summary>
    public long Add(long microseconds)
    {
        if (_spent.Count >= MostExact)
        {
            microseconds = (microseconds + _step - 1) / _step * _step;
        }

        if (_spent.Count > 0 && _spent[^1].Microseconds == microseconds)
        {
            _spent[^1] = new PermitsAt(microseconds, _spent[^1].Permits + 1);
        }
        else
        {
            _spent.Add(new PermitsAt(microseconds, 1));
        }

        return microseconds;
    }

    /// <summary>A permit of the lease at hand came back.</summary>
    public void Remove(long microseconds)
    {
        var at = _spent.FindLastIndex(spent => spent.Microseconds == microseconds);
        _spent[at] = new PermitsAt(microseconds, _spent[at].Permits - 1);
    }

    /// <summary>Ends the lease at hand, and says what to report of it.</summary>
    public RateReport Report(LeaseId lease)
    {
        var report = new RateReport(lease, [.. _spent.Where(static spent => spent.Permits > 0)]);
        _spent.Clear();
        return report;
    }
}
