using System.Text.Json;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>Two nodes on a Redis Cluster: what one begins, the other goes on with.</summary>
public sealed class ClusterTests
{
    private const string RedirectUri = "http://app.example/cb";

    [Fact]
    public async Task Token_IsIssuedUsedRefreshedAndRevoked_WhicheverNodeIsAsked()
    {
        await using var redis = await RedisCluster.StartAsync();
        await using var group = await NodeGroup.StartAsync(redis.Configuration, 2);

        // Enough of them that every master has some.
        await Task.WhenAll(Enumerable.Range(0, Repository.Soak ? 200 : 10).Select(_ => UseAsync(group)));

        foreach (var master in redis.All)
        {
            Assert.NotEqual(0L, await master.AskAsync("DBSIZE"));
        }
    }

    private static async Task UseAsync(NodeGroup group)
    {
        var (first, second) = (group.Nodes[0], group.Nodes[1]);
        var (id, secret) = await first.CreateClientAsync("orders", RedirectUri);
        using var approval = new FormUrlEncodedContent(
            [new("response_type", "code"), new("client_id", id), new("redirect_uri", RedirectUri), new("key_rules", """{"rate":100,"per":1,"quota_max":100,"access_rights":{"orders":{"api_id":"orders"}}}""")]);
        var (status, body) = await second.ManageAsync("POST", "/orders/tyk/oauth/authorize-client/", approval);
        Assert.True(status == 200, body);
        var code = JsonElement.Parse(body).GetProperty("code").GetString()!;

        var issued = await ExchangeAsync(first, id, secret, new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", RedirectUri));
        await ExpectAsync(group, issued.Access, 200);

        var refreshed = await ExchangeAsync(second, id, secret, new("grant_type", "refresh_token"), new("refresh_token", issued.Refresh));
        await ExpectAsync(group, refreshed.Access, 200);
        await ExpectAsync(group, issued.Access, 401);

        using var revocation = new FormUrlEncodedContent([new("token", refreshed.Access), new("client_id", id)]);
        (status, body) = await first.ManageAsync("POST", "/tyk/oauth/revoke", revocation);
        Assert.True(status == 200, body);
        await ExpectAsync(group, refreshed.Access, 401);
    }

    private static async Task<(string Access, string Refresh)> ExchangeAsync(GatewayProcess node, string id, string secret, params KeyValuePair<string, string>[] form)
    {
        var (status, body) = await node.TokenAsync("orders", id, secret, form);
        Assert.True(status == 200, body.ToString());
        return (body.GetProperty("access_token").GetString()!, body.GetProperty("refresh_token").GetString()!);
    }

    // On another node than the one that was asked, a change is known within a second.
    private static Task ExpectAsync(NodeGroup group, string token, int status) =>
        group.EachAsync(node => NodeGroup.UntilAsync($"a call is answered {status}", async () => (await node.CallAsync("/orders/x", token)).Status == status));
}
