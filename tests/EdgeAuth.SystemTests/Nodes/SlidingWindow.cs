using System.Diagnostics;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>What a rate allows, by a plain count.</summary>
internal static class SlidingWindow
{
    /// <summary>
    /// The most calls that were certainly admitted within one window: sent and arrived in it, so whatever lies between was in it too. A window
    /// that holds the most can be moved to begin with the first of them.
    /// </summary>
    public static int Worst(IEnumerable<ProbedCall> calls, TimeSpan per)
    {
        var admitted = calls.Where(static call => call.Arrived is not null).OrderBy(static call => call.Sent).ToList();
        var worst = 0;
        for (var i = 0; i < admitted.Count; i++)
        {
            var within = 0;
            for (var j = i; j < admitted.Count && IsWithin(admitted[i].Sent, admitted[j].Sent, per); j++)
            {
                within += IsWithin(admitted[i].Sent, admitted[j].Arrived!.Value, per) ? 1 : 0;
            }

            worst = Math.Max(worst, within);
        }

        return worst;
    }

    /// <summary>
    /// The part that was admitted of what one counter without any delay would have admitted up to then, on average over the whole windows after
    /// the first: at the end alone, a rate that lags behind may just have caught up.
    /// </summary>
    public static double Share(IReadOnlyList<ProbedCall> calls, int rate, TimeSpan per)
    {
        const int CutsPerWindow = 50;
        var start = calls.Min(static call => call.Sent);
        var cuts = (int)(Stopwatch.GetElapsedTime(start, calls.Max(static call => call.Sent)) / per) * CutsPerWindow;
        var allowed = Allowed(calls.Select(static call => call.Sent).Order(), rate, per);
        var admitted = calls.Where(static call => call.Arrived is not null).Select(static call => call.Arrived!.Value).ToList();
        return Enumerable.Range(CutsPerWindow, cuts - CutsPerWindow).Average(cut => (double)Until(admitted, cut) / Until(allowed, cut));

        int Until(List<long> instants, int cut) => instants.Count(instant => IsWithin(start, instant, per * cut / CutsPerWindow));
    }

    /// <summary>When a sliding window lets one in, of those who come at these moments.</summary>
    public static List<long> Allowed(IEnumerable<long> moments, int rate, TimeSpan per)
    {
        var (window, allowed) = (new Queue<long>(), new List<long>());
        foreach (var moment in moments)
        {
            while (window.TryPeek(out var first) && !IsWithin(first, moment, per))
            {
                window.Dequeue();
            }

            if (window.Count < rate)
            {
                window.Enqueue(moment);
                allowed.Add(moment);
            }
        }

        return allowed;
    }

    private static bool IsWithin(long start, long instant, TimeSpan per) => Stopwatch.GetElapsedTime(start, instant) < per;
}
