using System.Text.Json.Nodes;
using EdgeAuth.Catalog;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Definitions are shown as they are in force, written to the directory, and act after a reload (spec f.2, j.5).</summary>
public sealed class ApiWriteTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync(
        static upstream => [Definitions.Keyless("orders", upstream).With("config_data", new { note = "kept" }), Definitions.Keyless("stock", upstream)],
        static setup => setup.Folder.Write("config/apis/some name.json", Definitions.Keyless("renamed", "http://127.0.0.1:9/").ToJsonString()));

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Definition_IsShownAsItsFileHasIt()
    {
        var file = JsonNode.Parse(await ReadAsync("config/apis/orders.json"))!;

        var shown = (await _gateway.ManageAsync("GET", "/tyk/apis/orders")).ShouldBeJson(200);

        Assert.True(JsonNode.DeepEquals(file, JsonNode.Parse(shown.Body)));
    }

    [Fact]
    public async Task List_HasEveryDefinition_AlsoOneThatIsSwitchedOff()
    {
        await PostAsync(Definitions.Keyless("off", _gateway.Upstream.Url).With("active", false));
        await ReloadAsync();

        var listed = (await _gateway.ManageAsync("GET", "/tyk/apis")).ShouldBeJson(200).Json;

        Assert.Equal(["off", "orders", "renamed", "stock"], listed.EnumerateArray().Select(static api => api.GetProperty("api_id").GetString()));
    }

    [Fact]
    public async Task Added_IsServedAfterAReload_AndNotBefore()
    {
        (await PostAsync(New("fresh"))).ShouldBeModified("fresh", "added");

        (await _gateway.ManageAsync("GET", "/tyk/apis/fresh")).ShouldFail(404, "API not found");
        (await _gateway.CallAsync("/fresh/x")).ShouldBe(404);
        await ReloadAsync();

        (await _gateway.ManageAsync("GET", "/tyk/apis/fresh")).ShouldBe(200);
        (await _gateway.CallAsync("/fresh/x")).ShouldBe(200);
        Assert.True(File.Exists(_gateway.Folder.File("config/apis/fresh.json")));
    }

    [Fact]
    public async Task FieldsThatNobodyKnows_AreKept()
    {
        var definition = New("fresh").With("x_of_a_dashboard", new { a = new[] { 1, 2 } }).With("notifications", new { shared_secret = "s3cret" });
        await PostAsync(definition);
        await ReloadAsync();

        var shown = (await _gateway.ManageAsync("GET", "/tyk/apis/fresh")).ShouldBe(200);

        Assert.True(JsonNode.DeepEquals(definition, JsonNode.Parse(shown.Body)));
    }

    // A change that means nothing to the gateway is shown all the same.
    [Fact]
    public async Task ChangedFieldThatNobodyKnows_IsShownAfterAReload()
    {
        (await PutAsync("stock", Definitions.Keyless("stock", _gateway.Upstream.Url).With("x_owner", "ann"))).ShouldBe(200);
        await ReloadAsync();

        Assert.Equal("ann", (await _gateway.ManageAsync("GET", "/tyk/apis/stock")).ShouldBe(200).Text("x_owner"));
    }

    [Fact]
    public async Task WithoutAnId_OneIsMadeUp()
    {
        var definition = New("x");
        definition.Remove("api_id");

        var id = (await PostAsync(definition)).ShouldBe(200).Text("key");

        Assert.Matches("^[0-9a-f]{32}$", id);
        await ReloadAsync();
        (await _gateway.ManageAsync("GET", "/tyk/apis/" + id)).ShouldBe(200);
        (await _gateway.CallAsync($"/{id}/y")).ShouldBe(200);
    }

    [Fact]
    public async Task IdInThePath_IsTaken_WhenTheBodyHasNone()
    {
        var definition = New("x");
        definition.Remove("api_id");

        (await _gateway.ManageAsync("POST", "/tyk/apis/named", definition)).ShouldBeModified("named", "added");
    }

    [Fact]
    public async Task Update_ChangesTheFileThatHoldsIt()
    {
        (await PutAsync("renamed", Definitions.Keyless("renamed", _gateway.Upstream.Url).With("name", "new"))).ShouldBeModified("renamed", "modified");
        await ReloadAsync();

        Assert.Contains("\"new\"", await ReadAsync("config/apis/some name.json"), StringComparison.Ordinal);
        Assert.False(File.Exists(_gateway.Folder.File("config/apis/renamed.json")));
        (await _gateway.CallAsync("/renamed/x")).ShouldBe(200);
    }

    [Fact]
    public async Task PostOfAnExistingOne_ReplacesIt()
    {
        (await PostAsync(Definitions.Keyless("renamed", _gateway.Upstream.Url))).ShouldBeModified("renamed", "added");

        Assert.False(File.Exists(_gateway.Folder.File("config/apis/renamed.json")));
    }

    // A file of that name that holds another API is left alone.
    [Fact]
    public async Task FileOfThatName_ThatHoldsAnother_IsLeftAlone()
    {
        _gateway.Folder.Write("config/apis/fresh.json", New("other").ToJsonString());

        (await PostAsync(New("fresh"))).ShouldBe(200);
        await ReloadAsync();

        (await _gateway.CallAsync("/other/x")).ShouldBe(200);
        (await _gateway.CallAsync("/fresh/x")).ShouldBe(200);
    }

    [Fact]
    public async Task Deleted_IsServedUntilAReload()
    {
        (await _gateway.ManageAsync("DELETE", "/tyk/apis/renamed")).ShouldBeModified("renamed", "deleted");

        Assert.False(File.Exists(_gateway.Folder.File("config/apis/some name.json")));
        (await _gateway.ManageAsync("GET", "/tyk/apis/renamed")).ShouldBe(200);
        await ReloadAsync();
        (await _gateway.ManageAsync("GET", "/tyk/apis/renamed")).ShouldFail(404, "API not found");
        (await _gateway.ManageAsync("DELETE", "/tyk/apis/renamed")).ShouldFail(404, "API not found");
    }

    [Fact]
    public async Task UnknownOne_CannotBeUpdated() => (await PutAsync("nowhere", New("nowhere"))).ShouldFail(404, "API not found");

    [Theory]
    [InlineData("stock")]
    [InlineData(null)]
    public async Task Update_MustNameTheSameApi(string? id) =>
        (await PutAsync("orders", New("x").With("api_id", id))).ShouldFail(400, "Request APIID does not match that in Definition! For Update operations these must match.");

    [Theory]
    [InlineData("PUT", "Must specify an apiID to update")]
    [InlineData("DELETE", "Must specify an apiID to delete")]
    public async Task WithoutAnyId_NothingIsUpdatedOrDeleted(string method, string message) => (await _gateway.ManageAsync(method, "/tyk/apis")).ShouldFail(400, message);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"api_id\":\"x\"")]
    [InlineData("{\"api_id\":7}")]
    [InlineData("{\"api_id\":\"x\",\"proxy\":[]}")]
    public async Task MalformedBody_IsRefused(string body) =>
        (await _gateway.ManageAsync("POST", "/tyk/apis", TestGateway.Json(body))).ShouldFail(400, "Request malformed");

    [Theory]
    [InlineData("../gateway")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a b")]
    [InlineData("caf\u00e9")]
    [InlineData("a\u0000b")]
    public async Task IdThatIsNoName_IsRefused(string id)
    {
        var before = Files();

        (await PostAsync(New("x").With("api_id", id))).ShouldFail(400, "Invalid API ID");
        (await PostAsync(New("x").With("api_id", new string('a', 201)))).ShouldFail(400, "Invalid API ID");

        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task BrokenDefinition_IsRefused_AndNothingIsWritten()
    {
        var before = Files();

        (await PostAsync(New("fresh").With("proxy.target_url", "ftp://x"))).ShouldSay(400, "Validation of API Definition failed. Reason: $.proxy.target_url = \"ftp://x\": must be an absolute http or https URL.");
        (await PostAsync(New("fresh").With("proxy.listen_path", "/orders/"))).ShouldBe(400);
        (await PutAsync("stock", Definitions.Keyless("stock", _gateway.Upstream.Url).With("proxy.listen_path", "/tyk/"))).ShouldBe(400);

        Assert.Equal(before, Files());
        (await _gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(200);
    }

    [Fact]
    public async Task SecretInABrokenDefinition_IsNotTold()
    {
        var refused = (await PostAsync(New("fresh").With("proxy.target_url", "http://ann:pass-word@x/"))).ShouldBe(400);

        Assert.DoesNotContain("pass-word", refused.Body, StringComparison.Ordinal);
    }

    // A file that is broken already keeps the reload from succeeding, but not its repair from being written.
    [Fact]
    public async Task BrokenDirectory_CanBeMended()
    {
        _gateway.Folder.Write("config/apis/orders.json", Definitions.Keyless("orders", "ftp://x").ToJsonString());
        (await _gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(400);

        (await PostAsync(New("fresh"))).ShouldBe(200);
        (await PutAsync("orders", Definitions.Keyless("orders", _gateway.Upstream.Url))).ShouldBe(200);

        await ReloadAsync();
        (await _gateway.CallAsync("/fresh/x")).ShouldBe(200);
    }

    // What is only checked is not what routes are built from, which may happen at any moment where the proxy is another's.
    [Fact]
    public async Task CheckedConfiguration_IsNeverTheOneBeingApplied()
    {
        var catalogs = _gateway.Services.GetRequiredService<CatalogHolder>();
        var inForce = catalogs.Current;
        using var done = new CancellationTokenSource();
        var watching = Task.Run(() =>
        {
            var same = true;
            while (!done.IsCancellationRequested)
            {
                same &= ReferenceEquals(catalogs.Applying, inForce);
            }

            return same;
        });

        for (var write = 0; write < 20; write++)
        {
            (await _gateway.ManageAsync("POST", "/tyk/apis?dry_run=true", New("fresh"))).ShouldBe(200);
        }

        await done.CancelAsync();
        Assert.True(await watching);
        Assert.Same(inForce, catalogs.Checked);
    }

    [Fact]
    public async Task WritesAtOnce_AreAllKept()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => PostAsync(New($"fresh{number}"))));
        Assert.All(added, static answer => answer.ShouldBe(200));
        await ReloadAsync();

        Assert.Equal(23, (await _gateway.ManageAsync("GET", "/tyk/apis")).Json.GetArrayLength());
        Assert.DoesNotContain(Files(), static file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DirectoryThatCannotBeWritten_IsAnError_AndNothingIsChanged()
    {
        // A file where the directory should be: nobody can write below it, whoever runs the test.
        Directory.Delete(_gateway.Folder.File("config/apis"), recursive: true);
        await File.WriteAllTextAsync(_gateway.Folder.File("config/apis"), "");

        var failed = (await PostAsync(New("fresh"))).ShouldFail(503, "File object creation failed, write error");

        Assert.Equal("1", failed.Header("Retry-After"));
        Assert.Contains(_gateway.Logs.Lines, static line => line.Text.Contains("apis/fresh.json cannot be written", StringComparison.Ordinal));
        (await _gateway.CallAsync("/orders/x")).ShouldBe(200);
    }

    private JsonObject New(string id) => Definitions.Keyless(id, _gateway.Upstream.Url);

    private Task<Answer> PostAsync(JsonObject definition) => _gateway.ManageAsync("POST", "/tyk/apis", definition);

    private Task<Answer> PutAsync(string id, JsonObject definition) => _gateway.ManageAsync("PUT", "/tyk/apis/" + id, definition);

    private async Task ReloadAsync() => (await _gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(200);

    private Task<string> ReadAsync(string file) => File.ReadAllTextAsync(_gateway.Folder.File(file));

    private string[] Files() =>
        [.. Directory.EnumerateFiles(_gateway.Folder.File("config"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(static file => file + File.ReadAllText(file))];
}
