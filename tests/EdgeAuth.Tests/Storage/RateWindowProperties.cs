using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeAuth.Tests.Storage;

/// <summary>The rate promise: the window beside a list of every permit it gave.</summary>
public sealed class RateWindowProperties
{
    [Fact]
    public Task NoWindow_HoldsMoreThanTheLimitInForceAtItsLastAdmission() => Properties.HoldsAsync(Cases, 1000, static run =>
    {
        var window = new RateWindow(run.Length);
        // Each permit still held, with the instant it counts from.
        var permits = new List<RateAnswer>();
        long reading = 0;
        foreach (var step in run.Steps)
        {
            reading = Math.Max(0, reading + step.Move);
            if (step.GivesBack && permits.Count > 0)
            {
                var last = permits[^1];
                permits.RemoveAt(permits.Count - 1);
                window.GiveBack(last);
                continue;
            }

            var answer = window.TryTake(reading, step.Limit);
            if (answer.Outcome == RateOutcome.Taken)
            {
                // Never booked before its use, or before an earlier one: that is what the proof rests on.
                Assert.True(answer.BookedAt >= reading);
                Assert.True(permits.Count == 0 || answer.BookedAt >= permits[^1].BookedAt);
                permits.Add(answer);
                // Of all windows that end with this admission the longest begins just after one length ago.
                var inWindow = permits.Count(permit => permit.BookedAt > answer.BookedAt - run.Length);
                Assert.True(inWindow <= step.Limit, $"{inWindow} permits in one window, the limit is {step.Limit}");
                Assert.True(answer.Remaining <= step.Limit - inWindow);
            }
        }
    }, Shorter);

    [Fact]
    public Task FreshWindow_AdmitsTheWholeRate() => Properties.HoldsAsync(
        from length in Lengths
        from limit in Gen.Choose(1, 400)
        from moves in Gen.Choose(0, 3).ArrayOf(limit)
        select (length, limit, moves),
        500,
        static run =>
        {
            var window = new RateWindow(run.length);
            var now = 12_345L;
            for (var i = 0; i < run.limit; i++)
            {
                // All within one window, however they are spread.
                now += Math.Min(run.moves[i], (run.length - 1) / run.limit);
                Assert.Equal(RateOutcome.Taken, window.TryTake(now, run.limit).Outcome);
            }

            Assert.Equal(RateOutcome.Refused, window.TryTake(now, run.limit).Outcome);
        });

    // Permits are kept together within a hundredth of the window, so nothing is held back longer than that.
    [Fact]
    public Task Request_IsAdmitted_AHundredthOfAWindowAfterPermitsExpired() => Properties.HoldsAsync(Cases, 1000, static run =>
    {
        var window = new RateWindow(run.Length);
        var permits = new List<RateAnswer>();
        long now = 0;
        foreach (var step in run.Steps)
        {
            now += Math.Max(0, step.Move);
            if (step.GivesBack && permits.Count > 0)
            {
                window.GiveBack(permits[^1]);
                permits.RemoveAt(permits.Count - 1);
                continue;
            }

            var counting = permits.Count(permit => permit.BookedAt > now - run.Length - (run.Length / 100.0));
            var answer = window.TryTake(now, step.Limit);
            if (answer.Outcome == RateOutcome.Taken)
            {
                permits.Add(answer);
            }
            else
            {
                Assert.True(counting >= step.Limit, $"refused with {counting} of {step.Limit} taken within the window and a hundredth");
            }
        }
    }, Shorter);

    [Fact]
    public Task Refusal_NamesTheInstantAtWhichOneIsAdmitted_AndNoneBefore() => Properties.HoldsAsync(Cases, 1000, static run =>
    {
        var window = new RateWindow(run.Length);
        long now = 0;
        foreach (var step in run.Steps)
        {
            now += Math.Max(0, step.Move);
            var answer = window.TryTake(now, step.Limit);
            if (answer.Outcome == RateOutcome.Refused)
            {
                Assert.True(answer.TicksUntilFree > 0);
                Assert.Equal(RateOutcome.Refused, window.TryTake(now + answer.TicksUntilFree - 1, step.Limit).Outcome);
                Assert.Equal(RateOutcome.Taken, window.TryTake(now + answer.TicksUntilFree, step.Limit).Outcome);
                return;
            }
        }
    }, Shorter);

    // Short windows with few ticks meet every edge; long ones meet the bookings that are kept together.
    private static Gen<long> Lengths => Gen.OneOf(Gen.Choose(1, 12), Gen.Choose(90, 1100), Gen.Choose(20_000, 40_000)).Select(static length => (long)length);

    private static Gen<Run> Cases =>
        from length in Lengths
        from limit in Gen.OneOf(Gen.Choose(1, 5), Gen.Choose(20, 150))
        from pace in Gen.Choose(1, 4)
        from rough in Gen.Elements(true, false)
            // Long enough for permits to be kept together, which begins with the thirty-third.
        from steps in Steps(length, limit, pace, rough).ListOf().ScaleSize(static size => size * 5)
        select new Run(length, [.. steps]);

    private static Gen<Step> Steps(long length, int limit, int pace, bool rough)
    {
        // From four times what the limit admits down to a few in a window.
        var most = (int)Math.Max(1, pace switch { 1 => length / (limit * 2), 2 => length / limit, 3 => length * 2 / limit, _ => length });
        var moves = rough
            ? Gen.Frequency(
                (2, Gen.Constant(0)),
                (6, Gen.Choose(0, most)),
                (1, Gen.Choose(-(int)length, -1)),
                (1, Gen.Elements((int)length - 1, (int)length, (int)length + 1)))
            : Gen.Frequency((1, Gen.Constant(0)), (8, Gen.Choose(0, most)), (1, Gen.Choose(-most, most)));
        return
            from move in moves
            from limitNow in Gen.Frequency((18, Gen.Constant(limit)), (1, Gen.Choose(1, limit)), (1, Gen.Choose(limit, limit * 2)))
            from givesBack in Gen.Frequency((14, Gen.Constant(false)), (1, Gen.Constant(true)))
            select new Step(move, limitNow, givesBack);
    }

    private static IEnumerable<Run> Shorter(Run run) => Properties.Shorter(run.Steps).Select(steps => run with { Steps = steps });

    private sealed record Step(int Move, int Limit, bool GivesBack);

    private sealed record Run(long Length, Step[] Steps)
    {
        public override string ToString() => $"length {Length}: {string.Join(", ", Steps.Select(static step => $"{step.Move}/{step.Limit}{(step.GivesBack ? " back" : "")}"))}";
    }
}
