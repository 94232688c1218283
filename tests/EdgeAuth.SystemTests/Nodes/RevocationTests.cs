using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Nodes;

/// <summary>What is ended on one node is refused there at once, and on every other within a second, also where no message is heard.</summary>
[Collection(ThreeNodes.Name)]
public sealed class RevocationTests(ThreeNodes nodes)
{
    private static readonly int Rounds = Repository.Soak ? 20 : 2;

    private readonly NodeGroup _group = nodes.Group;

    [Fact]
    public async Task WhateverEndsACredential_EndsItOnEveryNode_AlsoWhenNoMessageIsHeard()
    {
        await UntilListenersAsync(3);
        await RunAsync("");

        // From here on messages are sent, but to nobody: who is refused a subscription does not ask again.
        await nodes.Redis.AskAsync("ACL", "SETUSER", "default", "-subscribe", "-psubscribe");
        await nodes.Redis.AskAsync("CLIENT", "KILL", "TYPE", "pubsub");
        await UntilListenersAsync(0);
        await RunAsync(", no messages");
        await UntilListenersAsync(0);
    }

    // It has heard nothing for longer than it may trust what it knows.
    [Fact]
    public async Task NodeThatWasFrozen_RefusesAtOnceWhatWasEndedMeanwhile()
    {
        var (first, frozen) = (_group.First, _group.Nodes[2]);
        for (var round = 0; round < Rounds; round++)
        {
            var key = await _group.CreateKeyAsync();
            Assert.Equal(200, (await frozen.CallAsync("/items/x", key)).Status);

            // Some of these wait for Redis when time stops.
            var others = Enumerable.Range(0, 20).Select(_ => frozen.CallAsync("/items/x", Guid.NewGuid().ToString("N"))).ToList();
            await frozen.FreezeAsync();
            Task<(int Status, string Body)> waiting;
            try
            {
                await SucceedAsync("DELETE", "/tyk/keys/" + key);
                await Task.Delay(Revocation.Limit);
                waiting = frozen.CallAsync("/items/x", key);
                Assert.Equal(401, (await first.CallAsync("/items/x", key)).Status);
            }
            finally
            {
                await frozen.ThawAsync();
            }

            Assert.Equal(401, (await frozen.CallAsync("/items/x", key)).Status);
            Assert.Equal(401, (await waiting).Status);
            await Task.WhenAll(others);
        }
    }

    private async Task RunAsync(string circumstances)
    {
        var delays = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        for (var round = 0; round < Rounds; round++)
        {
            // At no particular moment of the time between two reads of the change log.
            var revocations = await PrepareAsync();
            await Task.WhenAll(revocations.Select((revocation, i) => revocation.RunAsync(_group.Nodes, TimeSpan.FromMilliseconds(((i * 37) + (round * 71)) % 300))));
            foreach (var revocation in revocations)
            {
                delays.TryAdd(revocation.Name, []);
                delays[revocation.Name].Add(revocation.Delay.TotalMilliseconds);
            }
        }

        var report = new StringBuilder();
        foreach (var (name, times) in delays)
        {
            report.Append(CultureInfo.InvariantCulture, $"revocation on 3 nodes{circumstances}: {name}: {string.Join(' ', times.Order().Select(static time => $"{time:F0}"))} ms until the last of the others refuses\n");
        }

        await Reports.WriteAsync("node-revocation" + circumstances.Replace(", ", "-", StringComparison.Ordinal).Replace(' ', '-'), report.ToString());
    }

    private async Task<List<Revocation>> PrepareAsync()
    {
        // What the policy grants again is known everywhere before it is taken.
        var terms = "terms" + Guid.NewGuid().ToString("N");
        _group.Write($"policies/{terms}.json", Definitions.Policy(terms, "items"));
        _group.Write("policies/other.json", Definitions.Policy("other", "orders"));
        await SucceedAsync("GET", "/tyk/reload/group");
        await _group.EachAsync(node => NodeGroup.UntilAsync("the policy is known", async () => (await node.ManageAsync("GET", "/tyk/policies/" + terms)).Status == 200));

        var (revoked, all, deleted, changed) = (await IssueAsync(), await IssueAsync(), await IssueAsync(), await IssueAsync());
        var (key, ruled, termed) = (await _group.CreateKeyAsync(), await _group.CreateKeyAsync(), await _group.CreateKeyAsync($"\"apply_policies\":[\"{terms}\"]"));
        var (ended, gone, reruled, renewed) = (await CreateAsync(), await CreateAsync(), await CreateAsync(), await CreateAsync());
        return
        [
            OfToken("token of a service revoked", ended, () => OperateAsync("POST", "revoke", new JsonObject { ["clientIdentifier"] = ended.Id })),
            OfToken("token of a service deleted", gone, () => OperateAsync("DELETE", "delete/" + gone.Token)),
            OfToken("token of a service given another value", renewed, () => OperateAsync("POST", "update", new JsonObject { ["accessToken"] = renewed.Token, ["accessTokenValueUpdated"] = true })),
            new Revocation("rules and scopes of a service's token changed", "/orders/x", reruled.Token, 403, () => OperateAsync("POST", "update", new JsonObject
            {
                ["accessToken"] = reruled.Token,
                ["scopes"] = new JsonArray("less"),
                ["properties"] = new JsonArray(new JsonObject { ["key"] = "key_rules", ["value"] = """{"access_rights":{"items":{"api_id":"items","versions":["Default"]}}}""" }),
            })),
            OfToken("token revoked", revoked, () => SucceedAsync("POST", "/tyk/oauth/revoke", Form(("token", revoked.Token), ("client_id", revoked.Id)))),
            OfToken("all of a client revoked", all, () => SucceedAsync("POST", "/tyk/oauth/revoke_all", Form(("client_id", all.Id), ("client_secret", all.Secret)))),
            OfToken("client deleted", deleted, () => SucceedAsync("DELETE", "/tyk/oauth/clients/orders/" + deleted.Id)),
            OfToken("client's policy changed", changed, () => SucceedAsync("PUT", "/tyk/oauth/clients/orders/" + changed.Id, Json("""{"redirect_uri":"http://app.example/cb","policy_id":"other"}"""))),
            OfKey("key deleted", key, 401, () => SucceedAsync("DELETE", "/tyk/keys/" + key)),
            OfKey("key's rules changed", ruled, 403, () => SucceedAsync("PUT", "/tyk/keys/" + ruled, Json("""{"access_rights":{"orders":{"api_id":"orders"}}}"""))),
            OfKey("policy changed in its file, reload of the group", termed, 403, async () =>
            {
                _group.Write($"policies/{terms}.json", Definitions.Policy(terms, "orders"));
                await SucceedAsync("GET", "/tyk/reload/group");
            }),
        ];
    }

    private static Revocation OfKey(string name, string key, int refusal, Func<Task> end) => new(name, "/items/x", key, refusal, end);

    private static Revocation OfToken(string name, (string Id, string Secret, string Token) issued, Func<Task> end) => new(name, "/orders/x", issued.Token, 401, end);

    private async Task<(string Id, string Secret, string Token)> IssueAsync()
    {
        var (id, secret) = await _group.First.CreateClientAsync("orders", "http://app.example/cb", "plan");
        return (id, secret, await _group.Nodes[1].IssueAsync("orders", id, secret));
    }

    // A token outside any flow, by the service that the API is.
    private async Task<(string Id, string Secret, string Token)> CreateAsync()
    {
        var (id, secret) = await _group.First.CreateClientAsync("orders", "http://app.example/cb");
        var listed = JsonNode.Parse(await OperateAsync("GET", $"get/list?clientIdentifier={id}&end=0"))!;
        var created = await OperateAsync("POST", "create", new JsonObject { ["grantType"] = "TOKEN_EXCHANGE", ["clientId"] = (long)listed["client"]!["clientId"]!, ["subject"] = "ana" });
        return (id, secret, (string)JsonNode.Parse(created)!["accessToken"]!);
    }

    private async Task<string> OperateAsync(string method, string operation, JsonNode? content = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/auth/token/" + operation) { Content = content is null ? null : Json(content.ToJsonString()) };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("orders:" + GatewayProcess.Secret)));
        using var response = await _group.First.Http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode && !body.Contains("BAD_REQUEST", StringComparison.Ordinal), $"{method} {operation}: {(int)response.StatusCode}: {body}");
        return body;
    }

    private async Task SucceedAsync(string method, string path, HttpContent? content = null)
    {
        var (status, body) = await _group.First.ManageAsync(method, path, content);
        Assert.True(status == 200, $"{method} {path}: {status}: {body}");
    }

    private async Task UntilListenersAsync(int count)
    {
        var channels = (object?[])(await nodes.Redis.AskAsync("PUBSUB", "CHANNELS", "*news"))!;
        await NodeGroup.UntilAsync($"{count} nodes listen", async () =>
            (long)((object?[])(await nodes.Redis.AskAsync("PUBSUB", "NUMSUB", channels is [string channel] ? channel : "ea:{log}:news"))!)[1]! == count);
    }

    private static StringContent Json(string text) => new(JsonNode.Parse(text)!.ToJsonString(), Encoding.UTF8, "application/json");

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(static field => KeyValuePair.Create(field.Name, field.Value)));
}
