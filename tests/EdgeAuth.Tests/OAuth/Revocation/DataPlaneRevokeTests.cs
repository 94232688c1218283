using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.OAuth.Revocation;

/// <summary>Revocation at an API itself: whoever holds a token may revoke it, and a client everything of its own (spec b.8).</summary>
public sealed class DataPlaneRevokeTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Theory]
    [InlineData("access_token", true, false)]
    [InlineData("refresh_token", false, true)]
    [InlineData("", true, true)]
    [InlineData("nonsense", true, true)]
    public async Task Revoke_EndsTheTokenShown_AsTheHintSays(string hint, bool access, bool refresh)
    {
        foreach (var api in new[] { "orders", "vintage" })
        {
            var client = await Gateway.CreateClientAsync(api);
            var issued = await Gateway.IssueAsync(api, client, Definitions.Session([api]));
            (await Gateway.CallAsync($"/{api}/x", issued.Text("access_token"))).ShouldBe(200);

            foreach (var token in new[] { issued.Text("access_token"), issued.Text("refresh_token") })
            {
                (await PostAsync($"/{api}/oauth/revoke", ("token", token), ("token_type_hint", hint))).ShouldSucceed("token revoked successfully");
            }

            var call = await Gateway.CallAsync($"/{api}/x", issued.Text("access_token"));
            _ = !access ? call.ShouldBe(200) : api == "vintage" ? call.ShouldBeTykRefusal(403, "Key not authorised") : call.ShouldBeRefused(401, "credential_unknown");
            Assert.Equal(!refresh, (await RefreshAsync(api, client, issued)).Status == 200);
        }
    }

    [Fact]
    public async Task OneHalf_LeavesTheOtherAlive()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var (first, second) = (await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"])), await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"])));

        (await PostAsync("/orders/oauth/revoke", ("token", first.Text("refresh_token")))).ShouldBe(200);
        (await PostAsync("/orders/oauth/revoke", ("token", second.Text("access_token")))).ShouldBe(200);

        (await Gateway.CallAsync("/orders/x", first.Text("access_token"))).ShouldBe(200);
        (await RefreshAsync("orders", client, first)).ShouldBeOAuthError(400, "invalid_grant");
        (await Gateway.CallAsync("/orders/x", first.Text("access_token"))).ShouldBe(200);
        (await RefreshAsync("orders", client, second)).ShouldBe(200);
    }

    [Fact]
    public async Task TokensOfAnotherApi_AndPlainKeys_AreLeftAlone()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var issued = await Gateway.IssueAsync("orders", client, Definitions.Session(["orders", "billing"]));
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["orders", "stock"]));

        foreach (var token in new[] { issued.Text("access_token"), issued.Text("refresh_token"), key, "never-was" })
        {
            (await PostAsync("/billing/oauth/revoke", ("token", token))).ShouldSucceed("token revoked successfully");
        }

        (await PostAsync("/orders/oauth/revoke", ("token", key))).ShouldSucceed("token revoked successfully");

        (await Gateway.CallAsync("/orders/x", issued.Text("access_token"))).ShouldBe(200);
        (await RefreshAsync("orders", client, issued)).ShouldBe(200);
        (await Gateway.CallAsync("/stock/x", key)).ShouldBe(200);
    }

    [Fact]
    public async Task SpentRefreshToken_StaysSpent()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var issued = await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]));
        var fresh = (await RefreshAsync("orders", client, issued)).ShouldBe(200);

        (await PostAsync("/orders/oauth/revoke", ("token", issued.Text("refresh_token")))).ShouldBe(200);
        (await Gateway.CallAsync("/orders/x", fresh.Text("access_token"))).ShouldBe(200);

        // Presented once more it is still a replay, which ends the grant.
        (await RefreshAsync("orders", client, issued)).ShouldBeOAuthError(400, "invalid_grant");
        (await Gateway.CallAsync("/orders/x", fresh.Text("access_token"))).ShouldBeRefused(401, "credential_unknown");
    }

    [Theory]
    [InlineData("/orders/oauth/revoke")]
    [InlineData("/orders/oauth/revoke/")]
    public async Task Revoke_NeedsATokenInItsForm(string path)
    {
        (await PostAsync(path)).ShouldFail(400, "token is required");
        (await PostAsync(path + "?token=abc")).ShouldFail(400, "token is required");
        (await PostAsync(path, ("token", ""))).ShouldFail(400, "token is required");
        (await PostAsync(path, new StringContent("token=%zz", null, "application/x-www-form-urlencoded"))).ShouldFail(400, "error parsing form. Form malformed");
        (await PostAsync(path, new StringContent("""{"token":"abc"}""", null, "application/json"))).ShouldFail(400, "token is required");
    }

    [Theory]
    [InlineData("revoke")]
    [InlineData("revoke_all")]
    public async Task OnlyPost_IsSupported(string name)
    {
        foreach (var method in new[] { "GET", "PUT", "DELETE", "PATCH" })
        {
            var answer = (await Gateway.CallAsync($"/orders/oauth/{name}?token=t", method: method)).ShouldFail(405, "Method not supported");
            Assert.Equal("POST", answer.Header("Allow"));
        }
    }

    [Fact]
    public async Task RevokeAll_ChecksItsFieldsInTheirOrder()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var token = (await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("access_token");

        (await PostAsync("/orders/oauth/revoke_all")).ShouldFail(401, "client_id is required");
        (await PostAsync("/orders/oauth/revoke_all", ("client_secret", "s"))).ShouldFail(401, "client_id is required");
        (await PostAsync("/orders/oauth/revoke_all", ("client_id", client.Id))).ShouldFail(401, "client_secret is required");
        (await PostAsync("/orders/oauth/revoke_all", ("client_id", "nobody"), ("client_secret", "s"))).ShouldFail(404, "error getting oauth client");
        (await PostAsync("/orders/oauth/revoke_all", ("client_id", client.Id), ("client_secret", "wrong"))).ShouldFail(401, "client secret is wrong");
        (await PostAsync("/orders/oauth/revoke_all", new StringContent("client_id=%z", null, "application/x-www-form-urlencoded"))).ShouldFail(400, "error parsing form. Form malformed");
        (await Gateway.CallAsync("/orders/x", token)).ShouldBe(200);
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("vintage")]
    public async Task RevokeAll_EndsEverythingOfTheClient_OnThisApiOnly(string api)
    {
        var client = await Gateway.CreateClientAsync(api);
        await Gateway.CreateClientAsync("billing", more: new() { ["client_id"] = client.Id, ["secret"] = client.Secret });
        var elsewhere = (await Gateway.IssueAsync("billing", client, Definitions.Session(["billing"]))).Text("access_token");
        var (issued, other) = (await Gateway.IssueAsync(api, client, Definitions.Session([api])), await Gateway.IssueAsync(api, await Gateway.CreateClientAsync(api), Definitions.Session([api])));

        (await PostAsync($"/{api}/oauth/revoke_all", ("client_id", client.Id), ("client_secret", client.Secret))).ShouldSucceed("tokens revoked successfully");

        Assert.Equal(api == "vintage" ? 403 : 401, (await Gateway.CallAsync($"/{api}/x", issued.Text("access_token"))).Status);
        (await RefreshAsync(api, client, issued)).ShouldBeOAuthError(api == "vintage" ? 403 : 400, "invalid_grant");
        (await Gateway.CallAsync($"/{api}/x", other.Text("access_token"))).ShouldBe(200);
        (await Gateway.CallAsync("/billing/x", elsewhere)).ShouldBe(200);
    }

    private Task<Answer> PostAsync(string path, params (string Name, string Value)[] fields) => PostAsync(path, TestGateway.Form(fields));

    private async Task<Answer> PostAsync(string path, HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        return await Gateway.SendAsync(request);
    }

    private Task<Answer> RefreshAsync(string api, OAuthClient client, Answer issued) =>
        Gateway.TokenAsync(api, client, ("grant_type", "refresh_token"), ("refresh_token", issued.Text("refresh_token")));
}
