using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Storage;

public sealed class RateWindowTests
{
    private const long Length = 1000;

    [Fact]
    public void Window_TakesItsLimit_AndRefusesTheNext_UntilTheFirstIsOneWindowOld()
    {
        var window = new RateWindow(Length);

        Assert.Equal((RateOutcome.Taken, 2), Take(window, 0, 3));
        Assert.Equal((RateOutcome.Taken, 1), Take(window, 400, 3));
        Assert.Equal((RateOutcome.Taken, 0), Take(window, 400, 3));
        Assert.Equal((RateOutcome.Refused, 0), Take(window, 999, 3));
        Assert.Equal((RateOutcome.Taken, 0), Take(window, 1000, 3));
        Assert.Equal((RateOutcome.Refused, 0), Take(window, 1399, 3));
        Assert.Equal((RateOutcome.Taken, 1), Take(window, 1400, 3));
    }

    [Fact]
    public void Refusal_SaysWhenAPermitBecomesFree_AndIsChargedToNothing()
    {
        var window = new RateWindow(Length);
        Take(window, 100, 2);
        Take(window, 300, 2);

        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(new RateAnswer(RateOutcome.Refused, 0, 1100 - 500, 500), window.TryTake(500, 2));
        }

        Assert.Equal((RateOutcome.Taken, 0), Take(window, 1100, 2));
    }

    [Fact]
    public void Refusal_CountsBackToTheLimit_WhenItWasLowered()
    {
        var window = new RateWindow(Length);
        for (var i = 0; i < 5; i++)
        {
            Take(window, i * 10, 5);
        }

        // With a limit of 2 four must leave before one fits in: the last of them at 30.
        Assert.Equal(1030 - 100, window.TryTake(100, 2).TicksUntilFree);
        Assert.Equal(RateOutcome.Refused, window.TryTake(1029, 2).Outcome);
        Assert.Equal(RateOutcome.Taken, window.TryTake(1030, 2).Outcome);
    }

    [Fact]
    public void RaisedLimit_ActsAtOnce()
    {
        var window = new RateWindow(Length);
        Take(window, 0, 1);

        Assert.Equal((RateOutcome.Refused, 0), Take(window, 1, 1));
        Assert.Equal((RateOutcome.Taken, 1), Take(window, 1, 3));
    }

    [Fact]
    public void LatecomersReading_IsMovedUpToTheNewestOne_ThatOfARefusalToo()
    {
        var window = new RateWindow(Length);
        Take(window, 500, 2);

        Assert.Equal(500, window.TryTake(20, 2).BookedAt);
        Assert.Equal(RateOutcome.Refused, window.TryTake(700, 2).Outcome);
        Assert.Equal(700, window.TryTake(600, 3).BookedAt);

        Assert.Equal((RateOutcome.Taken, 1), Take(window, 1500, 3));
        Assert.Equal((RateOutcome.Taken, 0), Take(window, 1699, 3));
        Assert.Equal(RateOutcome.Refused, window.TryTake(1699, 3).Outcome);
        Assert.Equal(RateOutcome.Taken, window.TryTake(1700, 3).Outcome);
    }

    [Fact]
    public void GivenBackPermit_CanBeTakenAgain()
    {
        var window = new RateWindow(Length);
        var taken = window.TryTake(0, 1);
        Assert.Equal(RateOutcome.Refused, window.TryTake(1, 1).Outcome);

        window.GiveBack(taken);

        Assert.Equal(RateOutcome.Taken, window.TryTake(2, 1).Outcome);
        Assert.Equal(RateOutcome.Refused, window.TryTake(1001, 1).Outcome);
        Assert.Equal(RateOutcome.Taken, window.TryTake(1002, 1).Outcome);
    }

    [Fact]
    public void GivingBack_FreesThatPermit_AndNotAnother()
    {
        var window = new RateWindow(Length);
        window.TryTake(0, 2);
        var second = window.TryTake(500, 2);

        window.GiveBack(second);
        window.TryTake(600, 2);

        Assert.Equal(1000 - 700, window.TryTake(700, 2).TicksUntilFree);
        Assert.Equal(RateOutcome.Taken, window.TryTake(1000, 2).Outcome);
        Assert.Equal(RateOutcome.Refused, window.TryTake(1500, 2).Outcome);
    }

    [Fact]
    public void GivingBack_OfAPermitThatHasLeft_FreesNothing()
    {
        var window = new RateWindow(Length);
        var old = window.TryTake(0, 1);
        Take(window, 1000, 1);

        window.GiveBack(old);

        Assert.Equal(RateOutcome.Refused, window.TryTake(1001, 1).Outcome);
    }

    [Fact]
    public void Window_IsRetired_OnlyWhenNothingIsInIt()
    {
        var window = new RateWindow(Length);
        Take(window, 0, 1);

        Assert.False(window.TryRetire(999));
        Assert.Equal(RateOutcome.Refused, window.TryTake(999, 1).Outcome);

        Assert.True(window.TryRetire(1000));
        Assert.Equal(RateOutcome.Retired, window.TryTake(1000, 1).Outcome);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Window_HasALength(long length) => Assert.Throws<ArgumentOutOfRangeException>(() => new RateWindow(length));

    [Fact]
    public async Task Window_TakesItsLimit_WhenManyRace()
    {
        var window = new RateWindow(Length);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => window.TryTake(i, 40).Outcome)));

        Assert.Equal(40, answers.Count(static outcome => outcome == RateOutcome.Taken));
    }

    [Fact]
    public void Windows_AreApart_ByCounterAndLength()
    {
        var windows = new RateWindows(new FakeTime());
        var window = windows.Find(new CounterId("a", ""), TimeSpan.FromSeconds(1));

        Assert.Same(window, windows.Find(new CounterId("a", ""), TimeSpan.FromSeconds(1)));
        Assert.NotSame(window, windows.Find(new CounterId("a", ""), TimeSpan.FromSeconds(2)));
        Assert.NotSame(window, windows.Find(new CounterId("a", "api"), TimeSpan.FromSeconds(1)));
        Assert.NotSame(window, windows.Find(new CounterId("b", ""), TimeSpan.FromSeconds(1)));
        Assert.Equal(4, windows.Count);
    }

    [Fact]
    public void Trim_ForgetsWhatIsEmpty_AndKeepsWhatCounts()
    {
        var time = new FakeTime();
        var windows = new RateWindows(time);
        var used = windows.Find(new CounterId("used", ""), TimeSpan.FromSeconds(10));
        var unused = windows.Find(new CounterId("unused", ""), TimeSpan.FromSeconds(10));
        used.TryTake(time.GetTimestamp(), 1);

        windows.Trim();

        Assert.Equal(1, windows.Count);
        Assert.Same(used, windows.Find(new CounterId("used", ""), TimeSpan.FromSeconds(10)));
        // One who still holds it is sent to the new one.
        Assert.Equal(RateOutcome.Retired, unused.TryTake(time.GetTimestamp(), 1).Outcome);
        Assert.NotSame(unused, windows.Find(new CounterId("unused", ""), TimeSpan.FromSeconds(10)));

        time.Advance(TimeSpan.FromSeconds(10));
        windows.Trim();
        Assert.Equal(0, windows.Count);
    }

    // A window shorter than a tick of the clock still limits what arrives within one tick.
    [Fact]
    public void Find_GivesAWindow_HoweverShort()
    {
        var windows = new RateWindows(new FakeTime());

        var window = windows.Find(new CounterId("a", ""), TimeSpan.FromTicks(1));

        Assert.Equal(RateOutcome.Taken, window.TryTake(5, 1).Outcome);
        Assert.Equal(RateOutcome.Refused, window.TryTake(5, 1).Outcome);
        Assert.Equal(RateOutcome.Taken, window.TryTake(6, 1).Outcome);
    }

    private static (RateOutcome, long) Take(RateWindow window, long now, long limit)
    {
        var answer = window.TryTake(now, limit);
        return (answer.Outcome, answer.Remaining);
    }
}
