using EdgeAuth.Sessions;

namespace EdgeAuth.Tests.Sessions;

public sealed class SingleFlightTests
{
    private readonly SingleFlight<string, int> _flights = new();
    private readonly List<TaskCompletionSource<int>> _loads = [];

    [Fact]
    public async Task Load_HappensOnce_HoweverManyAsk_AndOnceForEachKey()
    {
        var (first, second, other) = (JoinAsync("a"), JoinAsync("a"), JoinAsync("b"));
        _loads[0].SetResult(1);
        _loads[1].SetResult(2);

        Assert.Equal((1, 1, 2), (await first, await second, await other));
        Assert.Equal(2, _loads.Count);
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
        begun!.End();
        var second = JoinAsync("a");
        begun.End();
        var third = JoinAsync("a");
        _loads[0].SetResult(1);
        _loads[1].SetResult(2);

        Assert.Equal((1, 2, 2), (await first, await second, await third));
    }

    [Fact]
    public async Task FailedLoad_FailsThoseWhoWait_AndTheNextLoadsAnew()
    {
        var (first, second) = (JoinAsync("a"), JoinAsync("a"));
        _loads[0].SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => first);
        await Assert.ThrowsAsync<TimeoutException>(() => second);

        await Assert.ThrowsAsync<TimeoutException>(() => _flights.JoinAsync("a", static (_, _) => throw new TimeoutException()));

        var third = JoinAsync("a");
        _loads[1].SetResult(3);
        Assert.Equal(3, await third);
    }

    private Task<int> JoinAsync(string key) => _flights.JoinAsync(key, (_, _) => LoadAsync());

    private Task<int> LoadAsync()
    {
        _loads.Add(new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously));
        return _loads[^1].Task;
    }
}
