namespace EdgeAuth.SystemTests.Endurance;

/// <summary>The code flow: a refresh ends the pair before it, a replay ends the grant.</summary>
internal sealed class GrantActor(Life life) : Actor(life)
{
    private const string Rules = """{"access_rights":{"orders":{"api_id":"orders","versions":["Default"]}}}""";
    private (string Id, string Secret)? _client;

    protected override async Task StepAsync()
    {
        _client ??= await Gateway.CreateClientAsync("orders", "http://app.example/cb");
        var (id, secret) = _client.Value;
        using var approval = new FormUrlEncodedContent([new("response_type", "code"), new("client_id", id), new("key_rules", Rules)]);
        var (status, body) = await Gateway.ManageAsync("POST", "/orders/tyk/oauth/authorize-client/", approval);
        Assert.True(status == 200, body);
        var code = System.Text.Json.JsonElement.Parse(body).GetProperty("code").GetString()!;

        var first = await ExchangeAsync(id, secret, new("grant_type", "authorization_code"), new("code", code));
        await CallAsync("/orders/x", first.Access, 200);
        var second = await ExchangeAsync(id, secret, new("grant_type", "refresh_token"), new("refresh_token", first.Refresh));
        await CallAsync("/orders/x", first.Access, 401);
        await CallAsync("/orders/x", second.Access, 200);

        var (replayed, answer) = await TokenAsync(id, secret, new("grant_type", "refresh_token"), new("refresh_token", first.Refresh));
        Assert.True(replayed == 400 && answer.GetProperty("error").GetString() == "invalid_grant", $"{replayed}: {answer}");
        await CallAsync("/orders/x", second.Access, 401);
    }

    private async Task<(string Access, string Refresh)> ExchangeAsync(string id, string secret, params KeyValuePair<string, string>[] form)
    {
        var (status, tokens) = await TokenAsync(id, secret, form);
        Assert.True(status == 200, tokens.ToString());
        return (tokens.GetProperty("access_token").GetString()!, tokens.GetProperty("refresh_token").GetString()!);
    }
}
