using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Catalog.Writing;

/// <summary>Writes into a configuration directory that is gone, or that a hand edit left with a mistake.</summary>
public sealed class DamagedDirectoryTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("orders", upstream), Definitions.Keyless("stock", upstream)]);

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    // As when its mount is gone: a reload after a write must not find that one file alone.
    [Fact]
    public async Task DirectoryThatIsGone_IsNeverMadeAnew_AndWhatIsServedStays()
    {
        Directory.Move(_gateway.Folder.File("config"), _gateway.Folder.File("aside"));

        await AssertNothingCanBeWrittenAsync();

        Assert.False(Directory.Exists(_gateway.Folder.File("config")));
        Assert.Contains(_gateway.Logs.Lines, static line => line.Text.Contains("the configuration directory does not exist", StringComparison.Ordinal));
        (await _gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(400);
        (await _gateway.CallAsync("/orders/x")).ShouldBe(200);

        Directory.Move(_gateway.Folder.File("aside"), _gateway.Folder.File("config"));
        (await _gateway.ManageAsync("POST", "/tyk/apis", New("fresh"))).ShouldBe(200);
        await ReloadAsync();
        (await _gateway.CallAsync("/orders/x")).ShouldBe(200);
    }

    private async Task AssertNothingCanBeWrittenAsync()
    {
        foreach (var query in (string[])["", "?dry_run=true"])
        {
            (await _gateway.ManageAsync("POST", "/tyk/apis" + query, New("fresh"))).ShouldFail(503, "File object creation failed, write error");
            (await _gateway.ManageAsync("PUT", "/tyk/apis/orders" + query, New("orders"))).ShouldFail(503, "File object creation failed, write error");
            (await _gateway.ManageAsync("DELETE", "/tyk/apis/orders" + query)).ShouldFail(503, "Delete failed");
            (await _gateway.ManageAsync("PUT", "/tyk/policies/gold" + query, TestGateway.Json("""{"id":"gold"}"""))).ShouldFail(503, "Failed to create file!");
            (await _gateway.ManageAsync("DELETE", "/tyk/policies/gold" + query)).ShouldFail(503, "Delete failed");
        }
    }

    private JsonObject New(string id) => Definitions.Keyless(id, _gateway.Upstream.Url);

    private async Task ReloadAsync() => (await _gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(200);
}
