using System.Text.Json;
using EdgeAuth.Sessions;
using EdgeAuth.Telemetry;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Telemetry;

/// <summary>The audit file: who did what, from where, with what result, and no secret.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task ManagementCall_IsRecorded_WithWhoWhatWhereAndResult()
    {
        await using var gateway = await StartAsync();
        (await gateway.ManageAsync("DELETE", "/tyk/oauth/clients/orders/app7/")).ShouldBe(200);

        var line = Assert.Single(await ReadAsync(gateway, 1));

        Assert.Equal(["time", "who", "action", "target", "from", "status", "result"], line.Names());
        Assert.Equal(gateway.Time.GetUtcNow(), line.GetProperty("time").GetDateTimeOffset());
        Assert.Equal("management secret 1", Text(line, "who"));
        Assert.Equal("DELETE /tyk/oauth/clients/{apiID}/{keyName}", Text(line, "action"));
        Assert.Equal($$"""{"apiID":"orders","keyName":"{{KeyHash.Of("app7").ToHex()}}"}""", line.GetProperty("target").GetRawText());
        Assert.Equal("127.0.0.1", Text(line, "from"));
        Assert.Equal((200, "ok"), (line.GetProperty("status").GetInt32(), Text(line, "result")));
    }

    [Fact]
    public async Task Changes_AreNamed_AndADryRunIsNoChange()
    {
        await using var gateway = await StartAsync();
        var client = await gateway.CreateClientAsync("orders");
        var key = await gateway.CreateKeyAsync(Definitions.Session(["orders"]));
        (await gateway.ManageAsync("DELETE", "/tyk/keys/" + key + "?dry_run=true")).ShouldBe(200);
        (await gateway.ManageAsync("DELETE", "/tyk/keys/" + key)).ShouldBe(200);
        (await gateway.ManageAsync("DELETE", "/tyk/keys/" + key)).ShouldBe(404);

        var lines = await ReadAsync(gateway, 5);

        var hash = KeyHash.Of(key).ToHex();
        Assert.Equal(["ok", "ok", "dry run", "ok", "refused"], lines.Select(static line => Text(line, "result")));
        Assert.Equal($$"""[{"action":"added","kind":"client","id":"{{client.Id}}","api_id":"orders"}]""", lines[0].GetProperty("changes").GetRawText());
        Assert.Equal($$"""[{"action":"added","kind":"key","id":"{{hash}}"}]""", lines[1].GetProperty("changes").GetRawText());
        Assert.All(lines.Skip(2).Take(2), line => Assert.Equal($$"""[{"action":"deleted","kind":"key","id":"{{hash}}"}]""", line.GetProperty("changes").GetRawText()));
        Assert.False(lines[4].TryGetProperty("changes", out _));
    }

    [Fact]
    public async Task KeyThatLooksLikeAHash_IsHashedAllTheSame_UnlessTheCallTakesItForOne()
    {
        await using var gateway = await StartAsync();
        var key = new string('a', 64);
        await gateway.ManageAsync("GET", "/tyk/keys/" + key);
        await gateway.ManageAsync("GET", $"/tyk/keys/{key}?hashed=true");

        var lines = await ReadAsync(gateway, 2);

        Assert.Equal([KeyHash.Of(key).ToHex(), key], lines.Select(static line => Text(line.GetProperty("target"), "keyName")));
    }

    [Fact]
    public async Task Replay_NamesTheGrantAndTheTokensThatItEnds()
    {
        await using var gateway = await StartAsync();
        var client = await gateway.CreateClientAsync("orders");
        var first = await gateway.IssueAsync("orders", client, Definitions.Session(["orders"]));
        var second = (await gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", first.Text("refresh_token")))).ShouldBe(200);
        (await gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", first.Text("refresh_token")))).ShouldBe(400);

        var line = Assert.Single(await ReadAsync(gateway, 6), static line => Text(line, "action") == "grant.revoke");

        Assert.Equal("replay", Text(line, "who"));
        Assert.Equal(["grant", "token"], line.GetProperty("changes").EnumerateArray().Select(static change => Text(change, "kind")));
        Assert.Equal(KeyHash.Of(second.Text("access_token")).ToHex(), Text(line.GetProperty("changes")[1], "id"));
    }

    [Fact]
    public async Task RevokeAll_NamesTheClient()
    {
        await using var gateway = await StartAsync();
        var client = await gateway.CreateClientAsync("orders");
        (await gateway.ManageAsync("POST", "/tyk/oauth/revoke_all", TestGateway.Form(("client_id", client.Id), ("client_secret", client.Secret)))).ShouldBe(200);

        var line = (await ReadAsync(gateway, 2))[1];

        Assert.Equal(client.Id, Text(line.GetProperty("changes")[0], "client_id"));
    }

    [Fact]
    public async Task SecondSecret_IsToldFromTheFirst_AndNoSecretFromBoth()
    {
        await using var gateway = await StartAsync(static setup => setup.Set("EdgeAuth:Management:Secrets:0", "another-secret"));
        foreach (var secret in new[] { TestGateway.Secret, "another-secret", "wrong-secret" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/tyk/keys/some-key");
            request.Headers.Add("X-Tyk-Authorization", secret);
            await gateway.SendAsync(request);
        }

        (await gateway.CallAsync("/tyk/keys/some-key")).ShouldBe(403);

        var lines = await ReadAsync(gateway, 4);
        Assert.Equal(["management secret 1", "management secret 2", "unknown", "unknown"], lines.Select(static line => Text(line, "who")).Order(StringComparer.Ordinal));
        Assert.Equal(["no management secret", "no management secret", "refused", "refused"], lines.Select(static line => Text(line, "result")).Order(StringComparer.Ordinal));
        Assert.All(lines, static line => Assert.Equal(KeyHash.Of("some-key").ToHex(), Text(line.GetProperty("target"), "keyName")));
    }

    [Fact]
    public async Task EveryToken_IsRecorded_WithItsClient_AndEveryFailure()
    {
        await using var gateway = await StartAsync();
        var client = await gateway.CreateClientAsync("orders");
        var issued = await gateway.IssueAsync("orders", client, Definitions.Session(["orders"]));
        (await gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", "nonsense"))).ShouldBe(400);
        (await gateway.TokenAsync("orders", client with { Secret = "wrong" }, ("grant_type", "password"))).ShouldBe(401);
        (await gateway.TokenAsync("orders", client with { Id = "nobody" }, ("grant_type", "a secret by mistake"))).ShouldBe(401);

        var lines = (await ReadAsync(gateway, 6)).Where(static line => Text(line, "action") == "token.issue").ToList();

        Assert.Equal(["ok", "invalid_grant", "invalid_client", "invalid_client"], lines.Select(static line => Text(line, "result")));
        Assert.Equal([client.Id, client.Id, client.Id, "unknown"], lines.Select(static line => Text(line, "who")));
        Assert.Equal(["authorization_code", "refresh_token", "password", "unknown"], lines.Select(static line => Text(line.GetProperty("target"), "grant_type")));
        Assert.Equal([200, 400, 401, 401], lines.Select(static line => line.GetProperty("status").GetInt32()));
        Assert.Equal(KeyHash.Of(issued.Text("access_token")).ToHex(), Text(lines[0].GetProperty("target"), "key_hash"));
    }

    [Fact]
    public async Task Revocation_IsRecorded()
    {
        await using var gateway = await StartAsync();
        var client = await gateway.CreateClientAsync("orders");
        await gateway.Http.PostAsync("/orders/oauth/revoke", TestGateway.Form(("token", "some-token")));
        await gateway.Http.PostAsync("/orders/oauth/revoke_all", TestGateway.Form(("client_id", client.Id), ("client_secret", client.Secret)));
        await gateway.Http.PostAsync("/orders/oauth/revoke_all", TestGateway.Form(("client_id", client.Id), ("client_secret", "wrong")));
        await gateway.Http.PostAsync("/orders/oauth/revoke_all", TestGateway.Form(("client_id", "nobody"), ("client_secret", "wrong")));

        var lines = (await ReadAsync(gateway, 5)).Skip(1).Select(static line => (Text(line, "action"), Text(line, "who"), Text(line, "result"))).ToList();

        Assert.Equal(
            [
                ("token.revoke", "unknown", "ok"), ("token.revoke_all", client.Id, "ok"), ("token.revoke_all", client.Id, "client secret is wrong"),
                ("token.revoke_all", "unknown", "error getting oauth client"),
            ],
            lines);
    }

    [Fact]
    public async Task ChangedFile_IsRecorded_AsTheWatchers()
    {
        await using var gateway = await StartAsync(static setup => setup.Watch = true);
        await File.WriteAllTextAsync(gateway.Folder.File("config/apis/orders.json"), "{");
        await Eventually.HoldsAsync(() =>
        {
            gateway.Time.Advance(TimeSpan.FromSeconds(1));
            return File.Exists(Path(gateway));
        });

        var line = Assert.Single(await ReadAsync(gateway, 1));

        Assert.Equal(("file watcher", "configuration.reload", "refused, problems found: 1"), (Text(line, "who"), Text(line, "action"), Text(line, "result")));
    }

    [Fact]
    public async Task File_MayBeMovedAway_AndEventsWaitWhereItCannotBeWritten()
    {
        await using var gateway = await StartAsync();
        await gateway.ManageAsync("GET", "/tyk/keys/one");
        await ReadAsync(gateway, 1);
        File.Move(Path(gateway), Path(gateway) + ".1");
        Directory.CreateDirectory(Path(gateway));

        await gateway.ManageAsync("GET", "/tyk/keys/two");
        await Eventually.HoldsAsync(() => gateway.Logs.Lines.Any(static line => line.Text.Contains("Audit events cannot be written", StringComparison.Ordinal)));
        await gateway.ManageAsync("GET", "/tyk/keys/three");
        Directory.Delete(Path(gateway));
        await Eventually.HoldsAsync(() =>
        {
            gateway.Time.Advance(AuditWriter.RetryInterval);
            return File.Exists(Path(gateway));
        });

        var lines = await ReadAsync(gateway, 2);
        Assert.Equal(
            [KeyHash.Of("two").ToHex(), KeyHash.Of("three").ToHex()],
            lines.Select(static line => Text(line.GetProperty("target"), "keyName")));
    }

    [Fact]
    public async Task Events_AreWritten_WhenTheGatewayStops()
    {
        var gateway = await StartAsync();
        var path = Path(gateway);
        for (var i = 0; i < 50; i++)
        {
            await gateway.ManageAsync("GET", "/tyk/keys/" + i);
        }

        await using var next = await gateway.RestartAsync();
        Assert.Equal(50, (await File.ReadAllLinesAsync(path)).Length);
    }

    [Fact]
    public async Task Gateway_KeepsNone_UnlessToldWhere()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("orders", upstream)]);
        await gateway.ManageAsync("GET", "/tyk/keys/one");

        Assert.False(gateway.Services.GetService(typeof(EdgeAuth.Catalog.Audit.AuditTrail)) is EdgeAuth.Catalog.Audit.AuditTrail { IsKept: true });
    }

    private static string Path(TestGateway gateway) => gateway.Folder.File("audit/events.jsonl");

    private static string Text(JsonElement line, string name) => line.GetProperty(name).GetString()!;

    private static async Task<IReadOnlyList<JsonElement>> ReadAsync(TestGateway gateway, int count)
    {
        await Eventually.HoldsAsync(() => File.Exists(Path(gateway)) && File.ReadAllLines(Path(gateway)).Length >= count);
        return [.. (await File.ReadAllLinesAsync(Path(gateway))).Select(static line => JsonElement.Parse(line))];
    }

    private static Task<TestGateway> StartAsync(Action<GatewaySetup>? setup = null) => TestGateway.StartAsync(static upstream => [Definitions.OAuth("orders", upstream)], options =>
    {
        options.Set("EdgeAuth:Telemetry:AuditFile", options.Folder.File("audit/events.jsonl"));
        setup?.Invoke(options);
    });
}
