using System.Text.Json.Nodes;

namespace EdgeAuth.SystemTests.Endurance;

/// <summary>Management reads what it wrote, and a deleted key is refused at once.</summary>
internal sealed class KeyActor(Life life) : Actor(life)
{
    private const string Rules = """{"alias":"NAME","access_rights":{"items":{"api_id":"items"}}}""";

    protected override async Task StepAsync()
    {
        var key = await CreateKeyAsync(Rules.Replace("NAME", "first", StringComparison.Ordinal));
        await CallAsync("/items/x", key, 200);
        await ManageAsync("PUT", "/tyk/keys/" + key, JsonNode.Parse(Rules.Replace("NAME", "second", StringComparison.Ordinal)));
        Assert.Equal("second", (await ManageAsync("GET", "/tyk/keys/" + key)).GetProperty("alias").GetString());
        await CallAsync("/items/x", key, 200);
        await ManageAsync("DELETE", "/tyk/keys/" + key);
        await CallAsync("/items/x", key, 401);
        await ManageAsync("GET", "/tyk/keys/" + key, expected: 404);
    }
}
