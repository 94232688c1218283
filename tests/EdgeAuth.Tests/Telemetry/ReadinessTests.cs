using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeAuth.Tests.Telemetry;

/// <summary>What readiness says of the store and of the other nodes, and what to do about it.</summary>
public sealed class ReadinessTests : IAsyncLifetime
{
    private readonly StoreSwitch _store = new();
    private readonly Neighbours _nodes = new();
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync(
        static upstream => [Definitions.Keyless("open", upstream)],
        setup => setup.Services = services =>
        {
            services.Replace(ServiceDescriptor.Singleton<INodeRegistry>(_nodes));
            _store.Install(services);
        });

    public Task DisposeAsync() => _gateway.DisposeAsync().AsTask();

    private StoreOutage Outage => _gateway.Services.GetRequiredService<StoreOutage>();

    [Fact]
    public async Task Node_IsNotReady_ButAlive_WhileTheStoreIsDown()
    {
        _store.TurnOff(_gateway.Services);

        var refused = (await _gateway.CallAsync("/ready")).ShouldBe(503);
        Assert.Equal(("1", "the store was switched off"), (refused.Header("Retry-After"), refused.Text("message")));
        var alive = (await _gateway.CallAsync("/hello")).ShouldBe(200);
        Assert.Equal(("fail", "fail"), (alive.Text("status"), Detail(alive, TestStore.Name).Status));

        _store.TurnOn();
        Assert.Equal("pass", (await _gateway.CallAsync("/ready")).ShouldBe(200).Text("status"));
    }

    [Fact]
    public async Task StoreThatRefusesWrites_IsAWarning()
    {
        Outage.Become(StoreState.ReadOnly, "OOM");

        var ready = (await _gateway.CallAsync("/ready")).ShouldBe(200);

        Assert.Equal("warn", ready.Text("status"));
        Assert.Contains("refuses writes (OOM)", Detail(ready, TestStore.Name).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoreThatIsSetUpBadly_IsAWarning()
    {
        Outage.Warning = "do this";

        var ready = (await _gateway.CallAsync("/ready")).ShouldBe(200);

        Assert.Equal(("warn", "do this"), (ready.Text("status"), Detail(ready, TestStore.Name).Output));
    }

    // Nodes that reload one after the other differ for a moment, which is no reason to call anybody.
    [Fact]
    public async Task Drift_IsAWarning_OnceItHasLasted()
    {
        _nodes.Census = new NodeCensus(2, 2);
        await PassAsync(TimeSpan.FromSeconds(15));
        Assert.Equal("pass", (await _gateway.CallAsync("/ready")).ShouldBe(200).Text("status"));

        await PassAsync(TimeSpan.FromSeconds(2));
        var ready = (await _gateway.CallAsync("/ready")).ShouldBe(200);
        Assert.Equal("warn", ready.Text("status"));
        Assert.Contains("GET /tyk/nodes", Detail(ready, "nodes").Output, StringComparison.Ordinal);

        _nodes.Census = new NodeCensus(2, 1);
        await PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("pass", (await _gateway.CallAsync("/ready")).ShouldBe(200).Text("status"));
    }

    [Fact]
    public async Task Peers_MayBeThere_UnlessTheListSaysThatThereAreNone()
    {
        var peers = _gateway.Services.GetRequiredService<Peers>();
        Assert.False(peers.MayBeThere);

        _nodes.Census = new NodeCensus(2, 1);
        await PassAsync(TimeSpan.FromSeconds(1));
        Assert.True(peers.MayBeThere);
        _nodes.Census = new NodeCensus(1, 1);
        await PassAsync(TimeSpan.FromSeconds(1));
        Assert.False(peers.MayBeThere);

        _store.TurnOff(_gateway.Services);
        await PassAsync(TimeSpan.FromSeconds(1), announces: false);
        await Eventually.HoldsAsync(() => peers.MayBeThere);
    }

    private static (string? Status, string? Output) Detail(Answer answer, string name)
    {
        var detail = answer.Json.GetProperty("details").GetProperty(name);
        return (detail.GetProperty("status").GetString(), detail.TryGetProperty("output", out var output) ? output.GetString() : null);
    }

    // Second by second, each with its announcement.
    private async Task PassAsync(TimeSpan time, bool announces = true)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            var before = _nodes.Announcements;
            _gateway.Time.Advance(TimeSpan.FromSeconds(1));
            await Eventually.HoldsAsync(() => !announces || _nodes.Announcements > before);
        }
    }

    private sealed class Neighbours : INodeRegistry
    {
        private int _announcements;

        public NodeCensus Census { get; set; } = new(1, 1);

        public int Announcements => Volatile.Read(ref _announcements);

        public ValueTask<NodeCensus> AnnounceAsync(NodeEntry node, CancellationToken cancellationToken)
        {
            var census = Census;
            Interlocked.Increment(ref _announcements);
            return new(census);
        }

        public ValueTask<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancellationToken) => new([]);

        public ValueTask RemoveAsync(string id, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
