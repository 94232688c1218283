using EdgeAuth.Catalog;
using EdgeAuth.Storage;
using EdgeAuth.Storage.Sqlite;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>One call reloads every node (spec f.4). The nodes here share nothing but the change log.</summary>
public sealed class GroupReloadTests : IAsyncLifetime, IDisposable
{
    private readonly InProcessChangeLog _log = new();
    private readonly StoreSwitch _store = new();
    private readonly TempFolder _audit = new();
    private TestGateway _here = null!;
    private TestGateway _there = null!;

    public async Task InitializeAsync()
    {
        _here = await StartAsync(static _ => { });
        _there = await StartAsync(setup => setup.Set("EdgeAuth:Telemetry:AuditFile", _audit.File("audit.jsonl")));
    }

    public async Task DisposeAsync()
    {
        await _here.DisposeAsync();
        await _there.DisposeAsync();
    }

    public void Dispose() => _audit.Dispose();

    [Fact]
    public async Task GroupReload_ReachesEveryNode_OnceEach()
    {
        Add(_here);
        Add(_there);

        (await _here.ManageAsync("GET", "/tyk/reload/group")).ShouldBe(200);
        (await _here.CallAsync("/more/x")).ShouldBe(200);
        await ReachesAsync(async () => (await _there.CallAsync("/more/x")).Status == 200);
        await ReachesAsync(() => Task.FromResult(Reloads(_there) == 1));

        for (var i = 0; i < 5; i++)
        {
            _here.Time.Advance(TimeSpan.FromSeconds(1));
            _there.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((1, 1), (Reloads(_here), Reloads(_there)));
        Assert.Matches("\"who\":\"another node\",\"action\":\"configuration.reload\".*\"result\":\"ok\"", await ReadAuditAsync());
    }

    [Theory]
    [InlineData("/tyk/reload")]
    [InlineData("/tyk/reload/group?dry_run=true")]
    public async Task OtherReloads_AreThisNodesOwn(string path)
    {
        var before = (await _log.ReadAsync(0, CancellationToken.None)).Last;

        (await _here.ManageAsync("GET", path)).ShouldBe(200);

        Assert.Equal(before, (await _log.ReadAsync(0, CancellationToken.None)).Last);
    }

    // Each node has files of its own, and what one finds in them is no word on another's.
    [Fact]
    public async Task NodeWhoseFilesAreBad_TellsTheOthersAllTheSame_AndIsToldItself()
    {
        Add(_there);
        _here.Folder.Write("config/apis/bad.json", "{");

        (await _here.ManageAsync("GET", "/tyk/reload/group")).ShouldBe(400);
        await ReachesAsync(async () => (await _there.CallAsync("/more/x")).Status == 200);

        // Now this one is asked, and keeps what it has.
        (await _there.ManageAsync("GET", "/tyk/reload/group")).ShouldBe(200);
        await ReachesAsync(() => Task.FromResult(_here.Services.GetRequiredService<ReloadStatus>().Failed == 2));
        (await _here.CallAsync("/open/x")).ShouldBe(200);

        // And hears the next one.
        _here.Folder.Delete("config/apis/bad.json");
        Add(_here);
        (await _there.ManageAsync("GET", "/tyk/reload/group")).ShouldBe(200);
        await ReachesAsync(async () => (await _here.CallAsync("/more/x")).Status == 200);
    }

    [Fact]
    public async Task StoreThatIsDown_IsToldBeforeAnythingIsReloaded()
    {
        Add(_here);
        _store.TurnOff(_here.Services);

        var answer = (await _here.ManageAsync("GET", "/tyk/reload/group")).ShouldFail(503, "The store is unavailable, try again");

        Assert.Equal("1", answer.Header("Retry-After"));
        Assert.Equal(0, Reloads(_here));
        (await _here.ManageAsync("GET", "/tyk/reload")).ShouldBe(200);
    }

    private static long Reloads(TestGateway gateway) => gateway.Services.GetRequiredService<ReloadStatus>().Succeeded;

    private static void Add(TestGateway gateway) => gateway.Folder.Write("config/apis/more.json", Definitions.Keyless("more", gateway.Upstream.Url).ToJsonString());

    private Task<TestGateway> StartAsync(Action<GatewaySetup> more) => TestGateway.StartAsync(
        static upstream => [Definitions.Keyless("open", upstream)],
        setup =>
        {
            setup.Services = services =>
            {
                services.Replace(ServiceDescriptor.Singleton<IChangeLog>(_log));
                _store.Install(services);
            };
            more(setup);
        });

    // The feed reads at a hint already; its clock is moved for the least time between two reads.
    private Task ReachesAsync(Func<Task<bool>> condition) => Eventually.HoldsAsync(async () =>
    {
        _here.Time.Advance(TimeSpan.FromMilliseconds(100));
        _there.Time.Advance(TimeSpan.FromMilliseconds(100));
        return await condition();
    });

    private async Task<string> ReadAuditAsync()
    {
        await Eventually.HoldsAsync(() => File.Exists(_audit.File("audit.jsonl")) && new FileInfo(_audit.File("audit.jsonl")).Length > 0);
        return await File.ReadAllTextAsync(_audit.File("audit.jsonl"));
    }
}
