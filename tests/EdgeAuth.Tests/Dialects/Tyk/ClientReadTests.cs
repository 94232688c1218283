using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Clients are listed, shown and deleted (spec a.5, a.6, a.9).</summary>
public sealed class ClientReadTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task List_IsInTheOrderOfCreation()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("orders", upstream), Definitions.OAuth("billing", upstream)]);
        foreach (var id in new[] { "z", "m", "a" })
        {
            await gateway.CreateClientAsync("orders", more: new() { ["client_id"] = id });
            gateway.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await gateway.CreateClientAsync("orders", more: new() { ["client_id"] = "z", ["description"] = "overwritten" });

        var listed = (await gateway.ManageAsync("GET", "/tyk/oauth/clients/orders")).ShouldBeJson(200).Json.EnumerateArray().ToList();
        Assert.Equal(["z", "m", "a"], listed.Select(static client => client.GetProperty("client_id").GetString()));
        Assert.Equal("overwritten", listed[0].GetProperty("description").GetString());
        Assert.Equal("[]\n", (await gateway.ManageAsync("GET", "/tyk/oauth/clients/billing")).ShouldBeJson(200).Body);
    }

    [Theory]
    [InlineData("stock")]
    [InlineData("open")]
    public async Task List_IsEmpty_WhenTheApiIssuesNoTokens(string api) =>
        Assert.Equal("[]\n", (await Gateway.ManageAsync("GET", "/tyk/oauth/clients/" + api)).ShouldBeJson(200).Body);

    [Fact]
    public async Task List_FailsForAnUnknownApi() => (await Gateway.ManageAsync("GET", "/tyk/oauth/clients/nowhere")).ShouldFail(404, "OAuth client not found");

    [Fact]
    public async Task List_HoldsManyClients()
    {
        for (var i = 0; i < 520; i++)
        {
            await Gateway.CreateClientAsync("abroad");
        }

        var listed = (await Gateway.ManageAsync("GET", "/tyk/oauth/clients/abroad")).ShouldBe(200).Json;

        Assert.Equal(520, listed.EnumerateArray().Select(static client => client.GetProperty("client_id").GetString()).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("orders", "nobody")]
    [InlineData("nowhere", "nobody")]
    [InlineData("stock", "nobody")]
    [InlineData("orders", "no%2Fbody")]
    public async Task Client_IsNotFound_WhenItOrItsApiIsUnknown(string api, string id) =>
        (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/{api}/{id}")).ShouldFail(404, "OAuth Client ID not found");

    [Fact]
    public async Task Deleting_AnswersAlike_WhetherOrNotThereIsSuchAClient()
    {
        var client = await Gateway.CreateClientAsync("orders");

        (await DeleteAsync("orders", client.Id)).ShouldBeModified(client.Id, "deleted");
        (await DeleteAsync("orders", client.Id)).ShouldBeModified(client.Id, "deleted");
        (await DeleteAsync("orders", "never-was")).ShouldBeModified("never-was", "deleted");
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("stock")]
    public async Task Deleting_Fails_WhenTheApiIssuesNoTokens(string api) => (await DeleteAsync(api, "c")).ShouldFail(404, "OAuth Client ID not found");

    [Fact]
    public async Task Deleting_NeedsAClient() => (await Gateway.ManageAsync("DELETE", "/tyk/oauth/clients/orders")).ShouldFail(405, "Method not supported");

    [Theory]
    [InlineData("orders")]
    [InlineData("vintage")]
    public async Task Deleting_EndsEverything_AtOnceAndForGood(string api)
    {
        var client = await Gateway.CreateClientAsync(api);
        var issued = await Gateway.IssueAsync(api, client, Definitions.Session([api]));
        var (access, refresh) = (issued.Text("access_token"), issued.Text("refresh_token"));
        var code = await Gateway.AuthorizeAsync(api, client, Definitions.Session([api]));
        (await Gateway.CallAsync($"/{api}/x", access)).ShouldBe(200);

        (await DeleteAsync(api, client.Id)).ShouldBe(200);

        await ShouldBeDeadAsync(access);
        Assert.Equal("[]\n", (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/{api}/{client.Id}/tokens")).ShouldBe(200).Body);
        (await Gateway.ManageAsync("GET", "/tyk/keys/" + access)).ShouldFail(404, "Key not found");
        (await Gateway.TokenAsync(api, client, ("grant_type", "refresh_token"), ("refresh_token", refresh))).ShouldBeOAuthError(api == "vintage" ? 403 : 401, "invalid_client");

        // Created anew, with the same id and secret, it is another client.
        await Gateway.CreateClientAsync(api, more: new() { ["client_id"] = client.Id, ["secret"] = client.Secret });
        await ShouldBeDeadAsync(access);
        (await Gateway.TokenAsync(api, client, ("grant_type", "refresh_token"), ("refresh_token", refresh))).ShouldBeOAuthError(api == "vintage" ? 403 : 400, "invalid_grant");
        (await Gateway.TokenAsync(api, client, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.RedirectUri))).ShouldBeOAuthError(api == "vintage" ? 403 : 400, "invalid_grant");
        Assert.Equal("[]\n", (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/{api}/{client.Id}/tokens")).ShouldBe(200).Body);

        async Task ShouldBeDeadAsync(string token)
        {
            var call = await Gateway.CallAsync($"/{api}/x", token);
            _ = api == "vintage" ? call.ShouldBeTykRefusal(403, "Key not authorised. OAuth client access was revoked") : call.ShouldBeRefused(401, "client_deleted");
        }
    }

    [Fact]
    public async Task Deleting_EndsTokens_OnApisThatTakeThemAsKeysToo()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var token = (await Gateway.IssueAsync("orders", client, Definitions.Session(["orders", "stock", "attic"]))).Text("access_token");
        (await Gateway.CallAsync("/stock/x", token)).ShouldBe(200);
        (await Gateway.CallAsync("/attic/x", token)).ShouldBe(200);

        (await DeleteAsync("orders", client.Id)).ShouldBe(200);

        Assert.Equal(401, (await Gateway.CallAsync("/stock/x", token)).Status);
        (await Gateway.CallAsync("/attic/x", token)).ShouldBeTykRefusal(403, "Access to this API has been disallowed");
    }

    [Fact]
    public async Task Deleting_LeavesOtherClientsAlone()
    {
        var (client, other) = (await Gateway.CreateClientAsync("orders"), await Gateway.CreateClientAsync("orders"));
        var token = (await Gateway.IssueAsync("orders", other, Definitions.Session(["orders"]))).Text("access_token");

        (await DeleteAsync("orders", client.Id)).ShouldBe(200);

        (await Gateway.CallAsync("/orders/x", token)).ShouldBe(200);
    }

    [Fact]
    public async Task Secrets_AreNotShownAgain_WhenRevealingIsOff()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("orders", upstream)], static setup => setup.Set("EdgeAuth:OAuth:RevealClientSecrets", "false"));

        var client = await gateway.CreateClientAsync("orders");

        Assert.Equal(48, client.Secret.Length);
        Assert.Equal("", (await gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/" + client.Id)).ShouldBe(200).Text("secret"));
        Assert.Equal("", (await gateway.ManageAsync("GET", "/tyk/oauth/clients/orders")).ShouldBe(200).Json[0].GetProperty("secret").GetString());
        (await gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).ShouldBe(200);
    }

    private Task<Answer> DeleteAsync(string api, string id) => Gateway.ManageAsync("DELETE", $"/tyk/oauth/clients/{api}/{id}");
}
