using EdgeAuth.Catalog.Nodes;
using EdgeAuth.Storage;
using EdgeAuth.Storage.Sqlite;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>The nodes that share a store, and whether they serve the same configuration. Those here share nothing but the list.</summary>
public sealed class NodeListTests : IAsyncLifetime
{
    private const string Upstream = "http://127.0.0.1:9";

    private readonly InProcessNodeRegistry _nodes = new(new FakeTime());
    private readonly List<TestGateway> _started = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var gateway in _started)
        {
            await gateway.DisposeAsync();
        }
    }

    [Fact]
    public async Task List_ShowsEveryNode_AndWhichOneAnswers()
    {
        var (one, two) = (await StartAsync(), await StartAsync());

        var answer = (await one.ManageAsync("GET", "/tyk/nodes/")).ShouldBeJson(200);

        Assert.Equal(["nodes", "drift"], answer.Json.Names());
        var nodes = answer.Json.GetProperty("nodes").EnumerateArray().ToList();
        Assert.Equal(2, nodes.Count);
        Assert.All(nodes, static node => Assert.Equal(["id", "host", "version", "generation", "started", "seen", "self"], node.Names()));
        Assert.All(nodes, static node => Assert.Equal(Environment.MachineName, node.GetProperty("host").GetString()));
        Assert.Equal(IdOf(one), Assert.Single(nodes, static node => node.GetProperty("self").GetBoolean()).GetProperty("id").GetString());
        Assert.Contains(nodes, node => node.GetProperty("id").GetString() == IdOf(two));
        Assert.False(answer.Json.GetProperty("drift").GetBoolean());
    }

    // Of the same files and settings, wherever they lie and whenever they were written; ports are a machine's own.
    [Fact]
    public async Task Generation_IsTheSameOnEveryMachine()
    {
        var one = await StartAsync();
        var two = await StartAsync(static setup =>
        {
            setup.Set("EdgeAuth:Management:Port", Ports.Free().ToString());
            File.SetLastWriteTimeUtc(setup.Folder.File("config/apis/stock.json"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        });

        Assert.Equal(GenerationOf(one, await ListAsync()), GenerationOf(two, await ListAsync()));
    }

    [Theory]
    [InlineData("EdgeAuth:OAuth:AccessTokenLifetime", "2h")]
    [InlineData("EdgeAuth:Management:Secrets:0", "another")]
    public async Task Generation_IsAnother_WhereASettingIs(string setting, string value)
    {
        var one = await StartAsync();
        var two = await StartAsync(setup => setup.Set(setting, value));

        Assert.NotEqual(GenerationOf(one, await ListAsync()), GenerationOf(two, await ListAsync()));
    }

    // Who reads the store could try guesses of secrets on a plain hash.
    [Fact]
    public async Task Generation_IsNotTheHashItself()
    {
        var one = await StartAsync();
        var hash = one.Services.GetRequiredService<EdgeAuth.Catalog.CatalogHolder>().Current.Hash;

        var generation = GenerationOf(one, await ListAsync());

        Assert.Equal(16, generation.Length);
        Assert.DoesNotContain(generation, hash, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drift_ShowsFromTheReloadOfOneNode_ToThatOfTheOther()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        foreach (var (gateway, drift) in new[] { (one, true), (two, false) })
        {
            gateway.Folder.Write("config/apis/more.json", Definitions.Keys("more", Upstream).ToJsonString());
            (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(200);

            await Eventually.HoldsAsync(async () => (await one.ManageAsync("GET", "/tyk/nodes")).ShouldBe(200).Json.GetProperty("drift").GetBoolean() == drift);
        }
    }

    [Fact]
    public async Task NodeThatStops_IsRemoved()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        _started.Remove(two);

        await two.DisposeAsync();

        Assert.Equal(IdOf(one), Assert.Single(await ListAsync()).Id);
    }

    private static string IdOf(TestGateway gateway) => gateway.Services.GetRequiredService<NodeList>().Id;

    private static string GenerationOf(TestGateway gateway, IReadOnlyList<NodeEntry> nodes) => nodes.Single(node => node.Id == IdOf(gateway)).Generation;

    private async Task<IReadOnlyList<NodeEntry>> ListAsync() => await _nodes.ListAsync(CancellationToken.None);

    private async Task<TestGateway> StartAsync(Action<GatewaySetup>? more = null)
    {
        var gateway = await TestGateway.StartAsync(
            static _ => [Definitions.Keys("stock", Upstream), Definitions.OAuth("orders", Upstream)],
            setup =>
            {
                setup.Policy("silver", Definitions.Policy(["stock"]));
                setup.Services = services => services.Replace(ServiceDescriptor.Singleton<INodeRegistry>(_nodes));
                more?.Invoke(setup);
            });
        _started.Add(gateway);
        return gateway;
    }
}
