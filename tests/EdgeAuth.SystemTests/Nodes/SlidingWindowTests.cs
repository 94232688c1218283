using System.Diagnostics;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>The measure that limits are held to.</summary>
public sealed class SlidingWindowTests
{
    private static readonly TimeSpan Per = TimeSpan.FromSeconds(1);

    [Fact]
    public void Worst_CountsWhatWasCertainlyWithinOneWindow()
    {
        ProbedCall[] calls = [Call(0.0, 0.1), Call(0.9, 0.95), Call(0.95, 1.05), Call(1.02, 1.03), Call(1.1, null), Call(1.85, 1.88)];

        // 0.9 to 1.88; the first pair and the third are not in any one window together with more.
        Assert.Equal(4, SlidingWindow.Worst(calls, Per));
        Assert.Equal(1, SlidingWindow.Worst([Call(0, 0.5), Call(0.6, 1.01)], Per));
        Assert.Equal(0, SlidingWindow.Worst([Call(0, null)], Per));
    }

    [Fact]
    public void Allowed_IsWhomASlidingWindowLetsIn() =>
        Assert.Equal([Ticks(0), Ticks(0.1), Ticks(1), Ticks(1.1)], SlidingWindow.Allowed([Ticks(0), Ticks(0.1), Ticks(0.99), Ticks(1), Ticks(1.05), Ticks(1.1)], 2, Per));

    // Demand is double. Each window begins late by a tenth, so that in ten there are nine whole ones and a fifth of one.
    [Fact]
    public void Share_IsWhatWasAdmittedOfThat()
    {
        var late = Load(static at => at % 1.1 < 0.5);

        Assert.Equal(0.92, SlidingWindow.Share(late, 100, Per), 0.01);
        Assert.Equal(1 / 1.1, SlidingWindow.ShareInTime(late, 100, Per), 0.02);
    }

    // All of it is admitted, but half as fast as it was asked for.
    [Fact]
    public void ShareInTime_IsLess_WherePermitsWereKeptBack()
    {
        var slow = Load(static at => (int)(at * 200) % 2 == 0);

        Assert.Equal(1, SlidingWindow.Share(slow, 100, Per), 0.01);
        Assert.True(SlidingWindow.ShareInTime(slow, 100, Per) < 0.95);
    }

    private static List<ProbedCall> Load(Func<double, bool> isAdmitted) =>
        [.. Enumerable.Range(0, 2001).Select(static i => i / 200.0).Select(at => Call(at, isAdmitted(at) ? at : null))];

    private static ProbedCall Call(double sent, double? arrived) => new(Ticks(sent), arrived is { } at ? Ticks(at) : null, 200);

    private static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);
}
