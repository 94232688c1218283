using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Policies are shown as they are in force, written to the directory, and act after a reload (spec f.3, j.5, j.7).</summary>
public sealed class PolicyWriteTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync(
        static upstream => [Definitions.Keys("stock", upstream)],
        static setup =>
        {
            setup.Folder.Write("config/policies/plans.json", """{ "$schema": "../s.json", "gold": { "org_id": "org1", "rate": 5, "per": 1, "x_note": "kept" }, "silver": { "org_id": "org1", "rate": 2, "per": 1 } }""");
            setup.Folder.Write("config/policies/one.json", """{ "id": "alone", "org_id": "org1", "access_rights": { "stock": {} } }""");
        });

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Policy_IsShownAsItsFileHasIt_WithItsId()
    {
        var shown = (await _gateway.ManageAsync("GET", "/tyk/policies/gold")).ShouldBeJson(200);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"id":"gold","org_id":"org1","rate":5,"per":1,"x_note":"kept"}"""), JsonNode.Parse(shown.Body)));
        (await _gateway.ManageAsync("GET", "/tyk/policies/none")).ShouldFail(404, "Policy not found");
    }

    [Fact]
    public async Task List_HasEveryPolicy() =>
        Assert.Equal(
            ["alone", "gold", "silver"],
            (await _gateway.ManageAsync("GET", "/tyk/policies")).ShouldBeJson(200).Json.EnumerateArray().Select(static policy => policy.GetProperty("id").GetString()));

    [Fact]
    public async Task Added_IsAMapOfOneEntry_AndActsAfterAReload()
    {
        (await PostAsync("""{"id":"fresh","org_id":"org1","rate":9,"per":1,"access_rights":{"stock":{}},"x":{"y":1}}""")).ShouldBeModified("fresh", "added");

        (await _gateway.ManageAsync("GET", "/tyk/policies/fresh")).ShouldFail(404, "Policy not found");
        Assert.Equal(["fresh"], (await FileAsync("fresh.json")).Select(static member => member.Key));
        await ReloadAsync();

        Assert.Equal(1, (await _gateway.ManageAsync("GET", "/tyk/policies/fresh")).ShouldBe(200).Json.GetProperty("x").GetProperty("y").GetInt32());
        await _gateway.CreateKeyAsync(new JsonObject { ["org_id"] = "org1", ["apply_policies"] = new JsonArray("fresh") });
    }

    [Fact]
    public async Task Update_ChangesItsEntryInTheMap_AndNoOther()
    {
        (await PutAsync("gold", """{"id":"gold","org_id":"org1","rate":7,"per":1}""")).ShouldBeModified("gold", "modified");

        var file = await FileAsync("plans.json");
        Assert.Equal(["$schema", "gold", "silver"], file.Select(static member => member.Key));
        Assert.Equal(7, file["gold"]!["rate"]!.GetValue<double>());
        Assert.Equal(2, file["silver"]!["rate"]!.GetValue<double>());
        Assert.False(File.Exists(_gateway.Folder.File("config/policies/gold.json")));
        await ReloadAsync();
        Assert.Equal(7, (await _gateway.ManageAsync("GET", "/tyk/policies/gold")).Json.GetProperty("rate").GetDouble());
    }

    [Fact]
    public async Task PolicyThatIsItsFile_StaysOne()
    {
        (await PutAsync("alone", """{"_id":"alone","ID":"alone","org_id":"org1","rate":3,"per":1}""")).ShouldBe(200);

        Assert.Equal("alone", (await FileAsync("one.json"))["id"]!.GetValue<string>());
        await ReloadAsync();
        Assert.Equal(3, (await _gateway.ManageAsync("GET", "/tyk/policies/alone")).Json.GetProperty("rate").GetDouble());
    }

    [Fact]
    public async Task Deleted_LeavesItsFile_WhichGoesWithTheLast()
    {
        (await DeleteAsync("gold")).ShouldBeModified("gold", "deleted");
        Assert.Equal(["$schema", "silver"], (await FileAsync("plans.json")).Select(static member => member.Key));
        (await DeleteAsync("silver")).ShouldBe(200);
        Assert.False(File.Exists(_gateway.Folder.File("config/policies/plans.json")));
        (await DeleteAsync("alone")).ShouldBe(200);
        Assert.False(File.Exists(_gateway.Folder.File("config/policies/one.json")));

        (await _gateway.ManageAsync("GET", "/tyk/policies/gold")).ShouldBe(200);
        await ReloadAsync();
        Assert.Equal("[]\n", (await _gateway.ManageAsync("GET", "/tyk/policies")).Body);
        (await DeleteAsync("gold")).ShouldFail(404, "Policy not found");
    }

    [Fact]
    public async Task UpdateOfAnUnknownOne_CreatesIt()
    {
        (await PutAsync("fresh", """{"id":"fresh","org_id":"org1"}""")).ShouldBeModified("fresh", "modified");

        await ReloadAsync();
        (await _gateway.ManageAsync("GET", "/tyk/policies/fresh")).ShouldBe(200);
    }

    [Theory]
    [InlineData("""{"_id":"fresh","org_id":"org1"}""", "/tyk/policies", "fresh")]
    [InlineData("""{"id":"fresh","org_id":"org1"}""", "/tyk/policies/other", "fresh")]
    [InlineData("""{"org_id":"org1"}""", "/tyk/policies/other", "other")]
    public async Task Id_IsTheBodys_ElseThePaths(string body, string path, string id) =>
        (await _gateway.ManageAsync("POST", path, TestGateway.Json(body))).ShouldBeModified(id, "added");

    [Fact]
    public async Task NoIdAtAll_IsRefused() => (await PostAsync("{}")).ShouldFail(400, "Unable to create policy without id.");

    [Theory]
    [InlineData("""{"id":"silver"}""")]
    [InlineData("{}")]
    public async Task Update_MustNameTheSamePolicy(string body) =>
        (await PutAsync("gold", body)).ShouldFail(400, "Request ID does not match that in policy! For Update operations these must match.");

    [Theory]
    [InlineData("PUT", "Must specify an apiID to update")]
    [InlineData("DELETE", "Must specify an apiID to delete")]
    public async Task WithoutAnyId_NothingIsUpdatedOrDeleted(string method, string message) => (await _gateway.ManageAsync(method, "/tyk/policies")).ShouldFail(400, message);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"id":"x","rate":"fast"}""")]
    public async Task MalformedBody_IsRefused(string body) => (await PostAsync(body)).ShouldFail(400, "Request malformed");

    [Theory]
    [InlineData("../../gateway")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("..")]
    public async Task IdThatIsNoName_IsRefused(string id) =>
        (await PostAsync(new JsonObject { ["id"] = id }.ToJsonString())).ShouldFail(400, "Invalid Policy ID: Allowed characters: a-z, A-Z, 0-9, ., _, -, ~");

    // A file whose name begins with a dot would not be read.
    [Fact]
    public async Task IdThatBeginsWithADot_IsFoundAgain()
    {
        (await PostAsync("""{"id":".hidden","org_id":"org1"}""")).ShouldBe(200);
        await ReloadAsync();

        (await _gateway.ManageAsync("GET", "/tyk/policies/.hidden")).ShouldBe(200);
    }

    [Fact]
    public async Task RateWithoutAPeriod_IsRefused_AndNothingIsWritten()
    {
        (await PostAsync("""{"id":"fresh","rate":5}""")).ShouldFail(400, "per must be greater than 0 when rate is set");

        Assert.False(File.Exists(_gateway.Folder.File("config/policies/fresh.json")));
    }

    private Task<Answer> PostAsync(string body) => _gateway.ManageAsync("POST", "/tyk/policies", TestGateway.Json(body));

    private Task<Answer> PutAsync(string id, string body) => _gateway.ManageAsync("PUT", "/tyk/policies/" + id, TestGateway.Json(body));

    private Task<Answer> DeleteAsync(string id) => _gateway.ManageAsync("DELETE", "/tyk/policies/" + id);

    private async Task ReloadAsync() => (await _gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(200);

    private async Task<JsonObject> FileAsync(string name) => JsonNode.Parse(await File.ReadAllTextAsync(_gateway.Folder.File("config/policies/" + name)))!.AsObject();
}
