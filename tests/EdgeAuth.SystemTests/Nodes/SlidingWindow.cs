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

    /// <summary>The part that was admitted of what one counter without any delay would have admitted, over the whole windows of the run.</summary>
    public static double Share(IReadOnlyList<ProbedCall> calls, int rate, TimeSpan per) => Shares(calls, rate, per, cutsPerWindow: 1)[^1];

    /// <summary>The same up to any moment, on average: less where permits were not there when they were asked for but came later.</summary>
    public static double ShareInTime(IReadOnlyList<ProbedCall> calls, int rate, TimeSpan per) => Shares(calls, rate, per, cutsPerWindow: 50).Average();

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

    // Up to each of some moments.
    private static List<double> Shares(IReadOnlyList<ProbedCall> calls, int rate, TimeSpan per, int cutsPerWindow)
    {
        var start = calls.Min(static call => call.Sent);
        var cuts = (int)(Stopwatch.GetElapsedTime(start, calls.Max(static call => call.Sent)) / per) * cutsPerWindow;
        var allowed = Allowed(calls.Select(static call => call.Sent).Order(), rate, per);
        var admitted = calls.Where(static call => call.Arrived is not null).Select(static call => call.Arrived!.Value).ToList();
        return [.. Enumerable.Range(1, cuts).Select(cut => (double)Until(admitted, cut) / Until(allowed, cut))];

        int Until(List<long> instants, int cut) => instants.Count(instant => IsWithin(start, instant, per * cut / cutsPerWindow));
    }

    private static bool IsWithin(long start, long instant, TimeSpan per) => Stopwatch.GetElapsedTime(start, instant) < per;
}
