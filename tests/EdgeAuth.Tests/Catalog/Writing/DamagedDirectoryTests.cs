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

    [Fact]
    public async Task FileThatCannotBeRead_KeepsEverythingFromBeingWritten()
    {
        File.CreateSymbolicLink(_gateway.Folder.File("config/apis/broken.json"), _gateway.Folder.File("nowhere"));
        var before = Files();

        await AssertNothingCanBeWrittenAsync();

        Assert.Equal(before, Files());
        Assert.Contains(_gateway.Logs.Lines, static line => line.Text.Contains("Nothing is written: apis/broken.json: cannot be read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DefinitionWithAWrongType_IsMendedWhereItIs()
    {
        _gateway.Folder.Write("config/apis/orders.json", New("orders").With("active", "yes").ToJsonString());
        (await _gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(400);

        (await _gateway.ManageAsync("PUT", "/tyk/apis/orders", New("orders").With("name", "by put"))).ShouldBeModified("orders", "modified");
        await ReloadAsync();
        Assert.Equal("by put", (await _gateway.ManageAsync("GET", "/tyk/apis/orders")).Text("name"));

        _gateway.Folder.Write("config/apis/orders.json", """{"API_ID":"orders","proxy":[]}""");
        (await _gateway.ManageAsync("POST", "/tyk/apis", New("orders").With("name", "by post"))).ShouldBe(200);
        await ReloadAsync();
        Assert.Equal("by post", (await _gateway.ManageAsync("GET", "/tyk/apis/orders")).Text("name"));
        Assert.Equal(["orders.json", "stock.json"], Files("apis"));
    }

    [Fact]
    public async Task DefinitionWithAWrongType_CanBeDeleted()
    {
        _gateway.Folder.Write("config/apis/orders.json", New("orders").With("active", "yes").ToJsonString());

        (await _gateway.ManageAsync("DELETE", "/tyk/apis/orders")).ShouldBeModified("orders", "deleted");

        Assert.Equal(["stock.json"], Files("apis"));
        await ReloadAsync();
    }

    [Theory]
    [InlineData("""{"gold":{"rate":"fast"},"silver":{"rate":"slow"}}""", """{"gold":{"id":"gold"},"silver":{"rate":"slow"}}""", """{"silver":{"rate":"slow"}}""")]
    [InlineData("""{"gold":7,"silver":{}}""", """{"gold":{"id":"gold"},"silver":{}}""", """{"silver":{}}""")]
    [InlineData("""{"$schema":"s","gold":{"rate":"fast"}}""", """{"$schema":"s","gold":{"id":"gold"}}""", null)]
    [InlineData("""{"id":"gold","rate":"fast"}""", """{"id":"gold"}""", null)]
    [InlineData("""{"_id":"gold","rate":"fast"}""", """{"id":"gold"}""", null)]
    public async Task PolicyWithAWrongType_IsReplacedOrDeletedWhereItIs(string file, string replaced, string? left)
    {
        _gateway.Folder.Write("config/policies/plans.json", file);
        (await _gateway.ManageAsync("PUT", "/tyk/policies/gold", TestGateway.Json("""{"id":"gold"}"""))).ShouldBe(200);
        Assert.Equal(["plans.json"], Files("policies"));
        AssertJson(replaced, await File.ReadAllTextAsync(_gateway.Folder.File("config/policies/plans.json")));

        _gateway.Folder.Write("config/policies/plans.json", file);
        (await _gateway.ManageAsync("DELETE", "/tyk/policies/gold")).ShouldBe(200);
        Assert.Equal(left is null ? [] : ["plans.json"], Files("policies"));
        if (left is not null)
        {
            AssertJson(left, await File.ReadAllTextAsync(_gateway.Folder.File("config/policies/plans.json")));
        }
    }

    // What a name means in a policy is not an entry of a map, and an id that is not one names nothing.
    [Theory]
    [InlineData("policies", """{"id":"other","gold":{},"rate":"fast"}""")]
    [InlineData("policies", """{"access_rights":7,"gold":{}}""")]
    [InlineData("policies", """{"id":"other","_id":"gold","rate":"fast"}""")]
    [InlineData("policies", """["gold"]""")]
    [InlineData("policies", "gold")]
    [InlineData("apis", """{"api_id":7,"id":"gold"}""")]
    [InlineData("apis", """["gold"]""")]
    public async Task FileThatDoesNotHoldIt_IsLeftAlone(string folder, string content)
    {
        _gateway.Folder.Write($"config/{folder}/plans.json", content);

        (await _gateway.ManageAsync("DELETE", $"/tyk/{folder}/gold")).ShouldBe(404);

        Assert.Equal(content, await File.ReadAllTextAsync(_gateway.Folder.File($"config/{folder}/plans.json")));
    }

    private static void AssertJson(string expected, string actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);

    private string[] Files(string folder = "") =>
        [.. Directory.EnumerateFiles(_gateway.Folder.File("config/" + folder), "*", SearchOption.AllDirectories).Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

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
