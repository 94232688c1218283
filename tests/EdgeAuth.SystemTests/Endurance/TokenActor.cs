
namespace EdgeAuth.SystemTests.Endurance;

/// <summary>A token works until it is revoked, is refused from that answer on, and stays refused after every crash.</summary>
internal sealed class TokenActor(Life life) : Actor(life)
{
    private const int Remembered = 200;

    private readonly List<string> _revoked = [];
    private (string Id, string Secret)? _client;

    protected override async Task StepAsync()
    {
        _client ??= await Gateway.CreateClientAsync("orders", "http://app.example/cb", "plan");
        var (id, secret) = _client.Value;
        var (status, issued) = await TokenAsync(id, secret, new KeyValuePair<string, string>("grant_type", "client_credentials"));
        Assert.True(status == 200, issued.ToString());
        var token = issued.GetProperty("access_token").GetString()!;
        await CallAsync("/orders/x", token, 200);
        using var form = new FormUrlEncodedContent([new("token", token), new("client_id", id)]);
        Assert.Equal(200, (await Gateway.ManageAsync("POST", "/tyk/oauth/revoke", form)).Status);
        if (_revoked.Count == Remembered)
        {
            _revoked.RemoveAt(0);
        }

        _revoked.Add(token);
        await CallAsync("/orders/x", token, 401);
        await CallAsync("/orders/x", _revoked[Random.Shared.Next(_revoked.Count)], 401);
    }
}
