using System.Diagnostics;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>Measures what only a machine can show that runs all the time: where it stood still meanwhile and the result is a bad one, again.</summary>
internal static class SteadyMachine
{
    private const int Tries = 3;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns what it said that is wrong; empty when nothing is.</summary>
    /// <param name="measure">Measures; returns what is wrong.</param>
    public static async Task<string> MeasureAsync(Func<Task<string>> measure)
    {
        for (var tries = 1; ; tries++)
        {
            using var done = new CancellationTokenSource();
            var watching = WatchAsync(done.Token);
            var wrong = await measure();
            await done.CancelAsync();
            var pause = await watching;
            if (wrong.Length == 0 || pause < LongestPause || tries == Tries)
            {
                return wrong;
            }
        }
    }

    // The longest time for which nothing of this process ran.
    private static async Task<TimeSpan> WatchAsync(CancellationToken done)
    {
        var longest = TimeSpan.Zero;
        while (!done.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            await Task.Delay(Tick, CancellationToken.None);
            var pause = Stopwatch.GetElapsedTime(started) - Tick;
            longest = pause > longest ? pause : longest;
        }

        return longest;
    }
}
