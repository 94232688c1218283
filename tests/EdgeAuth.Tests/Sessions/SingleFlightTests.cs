using System.Threading.Channels;
using EdgeAuth.Sessions;

namespace EdgeAuth.Tests.Sessions;

public sealed class SingleFlightTests
{
    private readonly SingleFlight<string, int> _flights = new();
    private readonly Channel<TaskCompletionSource<int>> _loads = Channel.CreateUnbounded<TaskCompletionSource<int>>();

    [Fact]
    public async Task Load_HappensOnce_HoweverManyAsk_AndOnceForEachKey()
    {
        var first = JoinAsync("a");
        var load = await BegunAsync();
        var (second, other) = (JoinAsync("a"), JoinAsync("b"));
        (await BegunAsync()).SetResult(2);
        load.SetResult(1);

        Assert.Equal((1, 1, 2), (await first, await second, await other));
        Assert.False(_loads.Reader.TryRead(out _));
    }

    [Fact]
    public async Task EndedFlight_IsNotJoined_AndTakesNoneWithItThatCameAfter()
    {
        SingleFlight<string, int>.Flight? begun = null;
        var first = _flights.JoinAsync("a", (_, flight) =>
        {
            begun = flight;
            return LoadAsync();
        });
        var load = await BegunAsync();
        begun!.End();
        var second = JoinAsync("a");
        var next = await BegunAsync();
        begun.End();
        var third = JoinAsync("a");
        load.SetResult(1);
        next.SetResult(2);

        Assert.Equal((1, 2, 2), (await first, await second, await third));
    }

    [Fact]
    public async Task FailedLoad_FailsThoseWhoWait_AndTheNextLoadsAnew()
    {
        var first = JoinAsync("a");
        var load = await BegunAsync();
        var second = JoinAsync("a");
        load.SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => first);
        await Assert.ThrowsAsync<TimeoutException>(() => second);

        await Assert.ThrowsAsync<TimeoutException>(() => _flights.JoinAsync("a", static (_, _) => throw new TimeoutException()));

        var third = JoinAsync("a");
        (await BegunAsync()).SetResult(3);
        Assert.Equal(3, await third);
    }

    [Fact]
    public async Task Load_RunsInTheThreadPool_WhoeverAsks()
    {
        var loadsInPool = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asker = new Thread(() => _ = _flights.JoinAsync("a", (_, _) =>
        {
            loadsInPool.SetResult(Thread.CurrentThread.IsThreadPoolThread);
            return Task.FromResult(1);
        }));
        asker.Start();

        Assert.True(await loadsInPool.Task);
    }

    private Task<int> JoinAsync(string key) => _flights.JoinAsync(key, (_, _) => LoadAsync());

    private ValueTask<TaskCompletionSource<int>> BegunAsync() => _loads.Reader.ReadAsync();

    private Task<int> LoadAsync()
    {
        var load = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.True(_loads.Writer.TryWrite(load));
        return load.Task;
    }
}
