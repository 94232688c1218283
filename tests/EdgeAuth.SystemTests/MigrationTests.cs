using System.Text.Json;
using EdgeAuth.SystemTests.TestHost;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.SystemTests;

/// <summary>The script that brings keys and clients over works as it stands in the docs, against a Tyk that answers as Tyk does.</summary>
public sealed class MigrationTests
{
    private const string Org = "5e9d9544a1dcd60001d0ed20";
    private const string Long = "eyJvcmciOiI1ZTlkOTU0NGExZGNkNjAwMDFkMGVkMjAiLCJpZCI6ImFiYyIsImgiOiJtdXJtdXI2NCJ9";

    // A key that Tyk made up, a custom one, one in the long form, and a user.
    private static readonly string[] Keys = [Org + "1b14ad1ab0f32d15ea8452147609a510", Org + "custom", Long, Org + "alice"];

    [Fact]
    public async Task Script_BringsKeysAndClientsOver()
    {
        await using var upstream = await StaticUpstream.StartAsync();
        await using var tyk = await StaticUpstream.StartAsync(AnswerAsTyk);
        await using var gateway = new GatewayProcess();
        gateway.Write("apis/items.json", With(Definitions.Keys("items", upstream.Url)).ToJsonString());
        gateway.Write("apis/orders.json", With(Definitions.OAuth("orders", upstream.Url)).ToJsonString());
        await gateway.StartAsync();
        var script = (await Docs.ScriptAsync("docs/coming-from-tyk.md", gateway)).Replace("http://localhost:8080", tyk.Url, StringComparison.Ordinal);

        var (exitCode, output) = await RunningProcess.RunAsync("bash", ["-c", script]);

        Assert.True(exitCode == 0, output);
        Assert.Equal(
            ["key 1: 200", "key 2: 200", "key 3: 200", "key 4: a user with a password, left out", "client portal: 200", "client mobile: 200"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        foreach (var key in Keys[..3].Append("custom"))
        {
            var (called, problem) = await gateway.CallAsync("/items/", key);
            Assert.True(called == 200, $"{key}: {problem}");
        }

        var (shown, session) = await gateway.ManageAsync("GET", "/tyk/keys/" + Keys[0]);
        Assert.True(shown == 200, session);
        Assert.Equal(1000, JsonElement.Parse(session).GetProperty("quota_max").GetInt64());
        Assert.Equal("a key", JsonElement.Parse(session).GetProperty("alias").GetString());
        Assert.Equal(404, (await gateway.ManageAsync("GET", "/tyk/keys/" + Keys[3])).Status);
        var (status, client) = await gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/mobile");
        Assert.True(status == 200, client);
        Assert.Equal("secret of mobile", JsonElement.Parse(client).GetProperty("secret").GetString());
        Assert.Equal("http://mobile.example/cb", JsonElement.Parse(client).GetProperty("redirect_uri").GetString());
    }

    private static System.Text.Json.Nodes.JsonObject With(System.Text.Json.Nodes.JsonObject definition)
    {
        definition["org_id"] = Org;
        return definition;
    }

    private static Task AnswerAsTyk(HttpContext context)
    {
        if (context.Request.Headers["X-Tyk-Authorization"] != "tyk-secret")
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(context.Request.Path.Value switch
        {
            "/tyk/keys" => JsonSerializer.Serialize(new { keys = Keys }),
            "/tyk/oauth/clients/orders" => $"[{Client("portal")},{Client("mobile")}]\n",
            { } path when path.StartsWith("/tyk/oauth/clients/orders/", StringComparison.Ordinal) => Client(path[26..]),
            { } path when path.StartsWith("/tyk/keys/", StringComparison.Ordinal) => Session(path[10..]),
            _ => "{}",
        });
    }

    private static string Client(string id) => $$"""
        {"client_id":"{{id}}","secret":"secret of {{id}}","redirect_uri":"http://{{id}}.example/cb","meta_data":{"groups":[{"a":1},{"b":2}]},"description":""}

        """;

    // As Tyk writes a session, in full (spec/tyk.md c.1).
    private static string Session(string key) => $$"""
        {"last_check":0,"allowance":1000,"rate":1000,"per":60,"throttle_interval":-1,"throttle_retry_limit":-1,"max_query_depth":-1,"date_created":"2020-04-20T12:30:00.000Z","expires":0,"quota_max":1000,"quota_renews":1587385800,"quota_remaining":17,"quota_renewal_rate":3600,"access_rights":{"items":{"api_name":"items","api_id":"items","versions":["Default"],"allowed_urls":[],"restricted_types":null,"limit":null,"field_access_rights":null,"allowance_scope":""} },"org_id":"{{Org}}","oauth_client_id":"","oauth_keys":null,"certificate":"","basic_auth_data":{"password":"{{(key.EndsWith("alice", StringComparison.Ordinal) ? "$2a$10$abcdefghijklmnopqrstuv" : "")}}","hash_type":""},"jwt_data":{"secret":""},"hmac_enabled":false,"hmac_string":"","is_inactive":false,"apply_policy_id":"","apply_policies":null,"data_expires":0,"monitor":{"trigger_limits":null},"enable_detail_recording":false,"enable_detailed_recording":false,"meta_data":{},"tags":[],"alias":"a key","last_updated":"1587385800","id_extractor_deadline":0,"session_lifetime":0}

        """;
}
