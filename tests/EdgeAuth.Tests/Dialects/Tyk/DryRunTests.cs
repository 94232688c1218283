using System.Text.Json;
using EdgeAuth.Dialects.Tyk;
using EdgeAuth.Storage;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>With <c>dry_run=true</c> every write runs its checks, changes nothing and answers what it would have changed.</summary>
public sealed class DryRunTests : IAsyncLifetime
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private int _written;
    private TestGateway _gateway = null!;
    private GatedStore _store = null!;
    private OAuthClient _client = null!;

    // Each call with what it would change; a call that is not here fails the test.
    private static readonly Dictionary<string, (string Path, string Body, string[] Changes)> Samples = new(StringComparer.Ordinal)
    {
        ["POST /oauth/authorize-client"] = ("/oauth/authorize-client?api_id=orders", "response_type=token&client_id={client}&key_rules=%7B%22rate%22%3A1%2C%22per%22%3A1%7D", ["added grant  orders", "added token  orders"]),
        ["POST /oauth/clients/create"] = ("/oauth/clients/create", """{"api_id":"orders","client_id":"fresh"}""", ["added client fresh orders"]),
        ["PUT /oauth/clients/{apiID}"] = ("/oauth/clients/orders", """[{"client_id":"{client}"}]""", ["modified client {client} orders", "revoked token * orders"]),
        ["PUT /oauth/clients/{apiID}/{keyName}"] = ("/oauth/clients/orders/{client}", """{"policy_id":"gold","description":"new"}""", ["modified client {client} orders"]),
        ["DELETE /oauth/clients/{apiID}/{keyName}"] = ("/oauth/clients/orders/{client}", "", ["deleted client {client} orders", "revoked grant * orders"]),
        ["PUT /oauth/clients/{apiID}/{keyName}/rotate"] = ("/oauth/clients/orders/{client}/rotate", "", ["modified client {client} orders"]),
        ["DELETE /oauth/refresh/{keyName}"] = ("/oauth/refresh/{refresh}?api_id=orders", "", ["revoked refresh_token {refresh_hash} orders"]),
        ["DELETE /oauth/refresh/{apiID}/{keyName}"] = ("/oauth/refresh/orders/{refresh}", "", ["revoked refresh_token {refresh_hash} orders"]),
        ["POST /oauth/revoke"] = ("/oauth/revoke", "token={access}&client_id={client}", ["revoked token {access_hash} orders"]),
        ["POST /oauth/revoke_all"] = ("/oauth/revoke_all", "client_id={client}&client_secret={secret}", ["revoked grant * orders {client}"]),
        ["DELETE /oauth/tokens"] = ("/oauth/tokens?scope=lapsed", "", []),
        ["POST /keys"] = ("/keys", """{"access_rights":{"stock":{}}}""", ["added key "]),
        ["POST /keys/create"] = ("/keys/create", """{"access_rights":{"stock":{}}}""", ["added key "]),
        ["POST /keys/policy/{keyName}"] = ("/keys/policy/{key_hash}", """{"apply_policies":["gold"]}""", ["modified key {key_hash}"]),
        ["POST /keys/{keyName}"] = ("/keys/{key}", """{"access_rights":{"stock":{}}}""", ["modified key {key_hash}"]),
        ["PUT /keys/{keyName}"] = ("/keys/{access}", """{"access_rights":{"orders":{}}}""", ["modified token {access_hash}"]),
        ["DELETE /keys/{keyName}"] = ("/keys/{key}", "", ["deleted key {key_hash}"]),
        ["POST /org/keys/{org}"] = ("/org/keys/fresh", "{}", ["added org fresh"]),
        ["PUT /org/keys/{org}"] = ("/org/keys/acme?reset_quota=1", "{}", ["modified org acme"]),
        ["DELETE /org/keys/{org}"] = ("/org/keys/acme", "", ["deleted org acme"]),
        ["POST /apis"] = ("/apis", """{"api_id":"fresh","use_keyless":true,"version_data":{"not_versioned":true},"proxy":{"listen_path":"/fresh/","target_url":"http://127.0.0.1:9/"}}""", ["added api fresh"]),
        ["POST /apis/{apiID}"] = ("/apis/fresh", """{"use_keyless":true,"version_data":{"not_versioned":true},"proxy":{"listen_path":"/fresh/","target_url":"http://127.0.0.1:9/"}}""", ["added api fresh"]),
        ["PUT /apis/{apiID}"] = ("/apis/stock", """{"api_id":"stock","use_keyless":true,"version_data":{"not_versioned":true},"proxy":{"listen_path":"/stock/","target_url":"http://127.0.0.1:9/"}}""", ["modified api stock"]),
        ["DELETE /apis/{apiID}"] = ("/apis/stock", "", ["deleted api stock"]),
        ["POST /policies"] = ("/policies", """{"id":"fresh"}""", ["added policy fresh"]),
        ["POST /policies/{polID}"] = ("/policies/fresh", "{}", ["added policy fresh"]),
        ["PUT /policies/{polID}"] = ("/policies/gold", """{"id":"gold","org_id":"org1"}""", ["modified policy gold"]),
        ["DELETE /policies/{polID}"] = ("/policies/gold", "", ["deleted policy gold"]),
    };

    public async Task InitializeAsync()
    {
        (_gateway, _store) = await GatedStore.StartGatewayAsync(static setup => setup.Policy("gold", Definitions.Policy(["orders", "stock"])));
        _client = await _gateway.CreateClientAsync("orders", policy: "gold");
        var tokens = await _gateway.IssueAsync("orders", _client, Definitions.Session(["orders"]));
        var key = await _gateway.CreateKeyAsync(Definitions.Session(["stock"], """{"quota_max":10,"quota_renewal_rate":3600}"""));
        (await _gateway.ManageAsync("POST", "/tyk/org/keys/acme", TestGateway.Json("{}"))).ShouldBe(200);
        _values["client"] = _client.Id;
        _values["secret"] = _client.Secret;
        (_values["access"], _values["refresh"], _values["key"]) = (tokens.Text("access_token"), tokens.Text("refresh_token"), key);
        foreach (var name in (string[])["access", "refresh", "key"])
        {
            _values[name + "_hash"] = Hashes.Of(_values[name]);
        }

        _store.BeforeWrite = _store.BeforeDelete = _ =>
        {
            Interlocked.Increment(ref _written);
            return Task.CompletedTask;
        };
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task EveryWrite_CanBeTried_AndChangesNothing()
    {
        var writes = TykTable.Of(_gateway.Services).Where(static route => route.Writes).Select(static route => $"{route.Method} {route.Path}").ToList();
        Assert.True(writes.Count >= 27, $"only {writes.Count} writes were found");

        Assert.Equal(writes.Order(StringComparer.Ordinal), Samples.Keys.Order(StringComparer.Ordinal));
        var before = await StateAsync();
        foreach (var write in writes)
        {
            var answer = await CallAsync(write, dryRun: true);

            answer.ShouldBeJson(200);
            Assert.Equal(["status", "message", "changes"], answer.Json.Names());
            Assert.Equal(("ok", "dry run: nothing was changed"), (answer.Text("status"), answer.Text("message")));
            Assert.Equal((write, string.Join(", ", Samples[write].Changes.Select(Fill))), (write, string.Join(", ", answer.Json.GetProperty("changes").EnumerateArray().Select(Describe))));
            Assert.All((string[])["secret", "access", "refresh", "key"], name => Assert.DoesNotContain($"\"{_values[name]}\"", answer.Body, StringComparison.Ordinal));
            Assert.Equal((write, before), (write, await StateAsync()));
        }
    }

    // What was tried was really possible: each call in earnest does its work.
    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Write_DoesInEarnest_WhatWasTried(string write)
    {
        (await CallAsync(write, dryRun: true)).ShouldBe(200);
        var before = await StateAsync();

        (await CallAsync(write, dryRun: false)).ShouldBe(200);

        Assert.Equal(Samples[write].Changes.Length == 0, before == await StateAsync());
    }

    public static TheoryData<string> Writes() => [.. Samples.Keys];

    [Theory]
    [InlineData("POST", "/oauth/clients/create", """{"api_id":"nowhere"}""")]
    [InlineData("POST", "/oauth/clients/create", "{")]
    [InlineData("PUT", "/oauth/clients/orders/nobody", "{}")]
    [InlineData("PUT", "/oauth/clients/orders/nobody/rotate", "")]
    [InlineData("DELETE", "/oauth/clients/nowhere/{client}", "")]
    [InlineData("DELETE", "/oauth/refresh/{refresh}", "")]
    [InlineData("POST", "/oauth/revoke", "token=x&client_id=nobody")]
    [InlineData("POST", "/oauth/revoke_all", "client_id={client}&client_secret=wrong")]
    [InlineData("DELETE", "/oauth/tokens", "")]
    [InlineData("POST", "/oauth/authorize-client", "response_type=code&client_id=nobody")]
    [InlineData("POST", "/keys/create", "{}")]
    [InlineData("POST", "/keys/create", """{"apply_policies":["none"]}""")]
    [InlineData("POST", "/keys/create", """{"rate":5,"access_rights":{"stock":{}}}""")]
    [InlineData("PUT", "/keys/none", """{"access_rights":{"stock":{}}}""")]
    [InlineData("DELETE", "/keys/none", "")]
    [InlineData("POST", "/keys/policy/none", "{}")]
    [InlineData("DELETE", "/org/keys/none", "")]
    [InlineData("POST", "/org/keys/acme", """{"rate":5}""")]
    [InlineData("POST", "/apis", """{"api_id":"fresh"}""")]
    [InlineData("PUT", "/apis/nowhere", "{}")]
    [InlineData("DELETE", "/apis/nowhere", "")]
    [InlineData("POST", "/policies", """{"id":"fresh","rate":5}""")]
    [InlineData("DELETE", "/policies/none", "")]
    [InlineData("DELETE", "/policies", "")]
    public async Task Refusal_IsThatOfTheCallItself(string method, string path, string body)
    {
        var real = await SendAsync(method, Fill(path), Fill(body), dryRun: false);
        var tried = await SendAsync(method, Fill(path), Fill(body), dryRun: true);

        Assert.InRange(real.Status, 400, 499);
        Assert.Equal((real.Status, real.Body), (tried.Status, tried.Body));
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("true&dry_run=false")]
    public async Task WhatIsNeitherTrueNorFalse_IsRefused_AndNothingIsChanged(string value)
    {
        (await _gateway.ManageAsync("DELETE", $"/tyk/keys/{_values["key"]}?dry_run={value}")).ShouldFail(400, "dry_run must be true or false");

        (await _gateway.ManageAsync("GET", "/tyk/keys/" + _values["key"])).ShouldBe(200);
    }

    [Fact]
    public async Task False_IsNoDryRun()
    {
        (await _gateway.ManageAsync("DELETE", $"/tyk/keys/{_values["key"]}?dry_run=false")).ShouldBeModified(_values["key"], "deleted");

        (await _gateway.ManageAsync("GET", "/tyk/keys/" + _values["key"])).ShouldBe(404);
    }

    [Fact]
    public async Task Quota_IsNotResetByATry()
    {
        for (var call = 0; call < 3; call++)
        {
            (await _gateway.CallAsync("/stock/x", _values["key"])).ShouldBe(200);
        }

        await SendAsync("PUT", "/keys/" + _values["key"], """{"org_id":"org1","quota_max":10,"quota_renewal_rate":3600,"access_rights":{"stock":{}}}""", dryRun: true);
        await SendAsync("DELETE", "/keys/" + _values["key"], "", dryRun: true);

        (await _gateway.CallAsync("/stock/x", _values["key"])).ShouldBe(200);
        Assert.Equal(6, (await _gateway.ManageAsync("GET", "/tyk/keys/" + _values["key"])).Json.GetProperty("quota_remaining").GetInt64());
    }

    [Fact]
    public async Task BelowAnApi_AuthorizationCanBeTriedToo()
    {
        var tried = await _gateway.ManageAsync("POST", "/orders/tyk/oauth/authorize-client/?dry_run=true", TestGateway.Form(("response_type", "code"), ("client_id", _client.Id)));

        Assert.Equal(["added grant  orders"], tried.ShouldBe(200).Json.GetProperty("changes").EnumerateArray().Select(Describe));
        Assert.Equal(0, _written);
    }

    private async Task<Answer> CallAsync(string write, bool dryRun) =>
        await SendAsync(write.Split(' ')[0], Fill(Samples[write].Path), Fill(Samples[write].Body), dryRun);

    private Task<Answer> SendAsync(string method, string path, string body, bool dryRun)
    {
        var content = body.Length == 0 ? null : new StringContent(body, System.Text.Encoding.UTF8, body[0] is '{' or '[' ? "application/json" : "application/x-www-form-urlencoded");
        return _gateway.ManageAsync(method, "/tyk" + path + (dryRun ? (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "dry_run=true" : ""), content);
    }

    private string Fill(string text) => _values.Aggregate(text, static (filled, value) => filled.Replace("{" + value.Key + "}", value.Value, StringComparison.Ordinal));

    private static string Describe(JsonElement change) =>
        string.Join(' ', change.EnumerateObject().Select(static member => member.Value.GetString()));

    // Everything that a call could change: records, announcements, files, counters.
    private async Task<string> StateAsync() => $"{_written} writes, {await ChangesAsync()} changes announced, {Files()}";

    private async Task<long> ChangesAsync() => (await _gateway.Services.GetRequiredService<IChangeLog>().ReadAsync(0, CancellationToken.None)).Last;

    private string Files() => string.Join('\n', Directory.EnumerateFiles(_gateway.Folder.File("config"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(static file => file + File.ReadAllText(file)));
}
