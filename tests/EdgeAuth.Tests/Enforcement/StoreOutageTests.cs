using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement;

/// <summary>A store that cannot be read: what is cached is served, all else is told to come back, and nothing is taken for unknown.</summary>
public sealed class StoreOutageTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;
    private GatedStore _store = null!;

    public async Task InitializeAsync() => (_gateway, _store) = await GatedStore.StartGatewayAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task RequestsThatNeedTheStore_AreToldToComeBack_UntilItIsThereAgain()
    {
        var (cached, uncached) = (await _gateway.CreateKeyAsync(Definitions.Session(["stock"])), await _gateway.CreateKeyAsync(Definitions.Session(["stock"])));
        var client = await _gateway.CreateClientAsync("orders");
        (await _gateway.CallAsync("/stock/x", cached)).ShouldBe(200);
        var reached = _gateway.Upstream.Requests.Count;

        _store.BeforeRead = static _ => throw new StoreUnavailableException("gone");
        (await _gateway.CallAsync("/stock/x", cached)).ShouldBe(200);
        ShouldComeBack((await _gateway.CallAsync("/stock/x", uncached)).ShouldBeRefused(503, "store_unavailable"));
        ShouldComeBack((await _gateway.ManageAsync("GET", "/tyk/keys/" + uncached)).ShouldFail(503, "The store is unavailable, try again"));
        ShouldComeBack((await _gateway.TokenAsync("orders", client, ("grant_type", "client_credentials"))).ShouldBe(503));
        Assert.Equal(reached + 1, _gateway.Upstream.Requests.Count);

        _store.BeforeRead = static _ => Task.CompletedTask;
        (await _gateway.CallAsync("/stock/x", uncached)).ShouldBe(200);

        static void ShouldComeBack(Answer answer) => Assert.Equal("1", answer.Header("Retry-After"));
    }
}
