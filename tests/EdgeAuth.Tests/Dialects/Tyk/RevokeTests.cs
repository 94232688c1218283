using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Management revokes single tokens of a client (spec a.11).</summary>
public sealed class RevokeTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task Fields_AreCheckedInTheirOrder()
    {
        var client = await Gateway.CreateClientAsync("orders");

        (await RevokeAsync()).ShouldFail(400, "token is required");
        (await RevokeAsync(("token", ""), ("client_id", "nobody"))).ShouldFail(400, "token is required");
        (await RevokeAsync(("token", "t"))).ShouldFail(400, "client_id is required");
        (await RevokeAsync(("token", "t"), ("client_id", "nobody"))).ShouldFail(400, "oauth client doesn't exist");
        (await RevokeAsync(("token", "t"), ("client_id", client.Id))).ShouldSucceed("token revoked successfully");
    }

    [Fact]
    public async Task Fields_AreReadFromTheBodyOnly() =>
        (await Gateway.ManageAsync("POST", "/tyk/oauth/revoke?token=t&client_id=c", TestGateway.Form())).ShouldFail(400, "token is required");

    [Theory]
    [InlineData("access_token", true, false)]
    [InlineData("refresh_token", false, true)]
    [InlineData("", true, true)]
    [InlineData(null, true, true)]
    [InlineData("id_token", true, true)]
    public async Task Hint_SaysWhatIsTried(string? hint, bool access, bool refresh)
    {
        var client = await Gateway.CreateClientAsync("orders");
        var issued = await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]));

        foreach (var token in new[] { issued.Text("access_token"), issued.Text("refresh_token") })
        {
            (await RevokeAsync([("token", token), ("client_id", client.Id), .. hint is null ? Array.Empty<(string, string)>() : [("token_type_hint", hint)]])).ShouldSucceed("token revoked successfully");
        }

        Assert.Equal(access ? 401 : 200, (await Gateway.CallAsync("/orders/x", issued.Text("access_token"))).Status);
        Assert.Equal(refresh ? 400 : 200, (await RefreshAsync(client, issued)).Status);
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("vintage")]
    public async Task RevokedAccessToken_IsGone_AndItsRefreshTokenStays(string api)
    {
        var client = await Gateway.CreateClientAsync(api);
        var issued = await Gateway.IssueAsync(api, client, Definitions.Session([api]));
        var access = issued.Text("access_token");
        (await Gateway.CallAsync($"/{api}/x", access)).ShouldBe(200);

        (await RevokeAsync(("token", access), ("client_id", client.Id))).ShouldBe(200);

        var call = await Gateway.CallAsync($"/{api}/x", access);
        _ = api == "vintage" ? call.ShouldBeTykRefusal(403, "Key not authorised") : call.ShouldBeRefused(401, "credential_unknown");
        (await Gateway.ManageAsync("GET", "/tyk/keys/" + access)).ShouldFail(404, "Key not found");
        Assert.Equal("[]\n", (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/{api}/{client.Id}/tokens")).Body);
        var fresh = (await Gateway.TokenAsync(api, client, ("grant_type", "refresh_token"), ("refresh_token", issued.Text("refresh_token")))).ShouldBe(200);
        (await Gateway.CallAsync($"/{api}/x", fresh.Text("access_token"))).ShouldBe(200);
    }

    [Fact]
    public async Task RevokedRefreshToken_IsGone_AndItsAccessTokenStays()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var issued = await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]));

        (await RevokeAsync(("token", issued.Text("refresh_token")), ("client_id", client.Id))).ShouldBe(200);

        (await RefreshAsync(client, issued)).ShouldBeOAuthError(400, "invalid_grant");
        (await RefreshAsync(client, issued)).ShouldBeOAuthError(400, "invalid_grant");
        (await Gateway.CallAsync("/orders/x", issued.Text("access_token"))).ShouldBe(200);
    }

    [Fact]
    public async Task ForeignTokens_AreLeftAlone_AndNothingIsRevealed()
    {
        var (owner, other) = (await Gateway.CreateClientAsync("orders"), await Gateway.CreateClientAsync("orders"));
        var issued = await Gateway.IssueAsync("orders", owner, Definitions.Session(["orders"]));
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["stock"]));

        foreach (var token in new[] { issued.Text("access_token"), issued.Text("refresh_token"), key })
        {
            (await RevokeAsync(("token", token), ("client_id", other.Id))).ShouldSucceed("token revoked successfully");
        }

        (await Gateway.CallAsync("/orders/x", issued.Text("access_token"))).ShouldBe(200);
        (await Gateway.CallAsync("/stock/x", key)).ShouldBe(200);
        (await RefreshAsync(owner, issued)).ShouldBe(200);
    }

    [Fact]
    public async Task Organisation_LimitsWhereItIsSearched()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var token = (await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("access_token");

        (await RevokeAsync(("token", token), ("client_id", client.Id), ("org_id", "org2"))).ShouldFail(400, "oauth client doesn't exist");
        (await Gateway.CallAsync("/orders/x", token)).ShouldBe(200);

        (await RevokeAsync(("token", token), ("client_id", client.Id), ("org_id", "org1"))).ShouldBe(200);
        (await Gateway.CallAsync("/orders/x", token)).ShouldBe(401);
    }

    [Fact]
    public async Task Token_IsFound_InWhicheverApiTheClientIs()
    {
        var id = Guid.NewGuid().ToString("N");
        await Gateway.CreateClientAsync("orders", more: new() { ["client_id"] = id });
        var client = await Gateway.CreateClientAsync("abroad", more: new() { ["client_id"] = id });
        var token = (await Gateway.IssueAsync("abroad", client, Definitions.Session(["abroad"]))).Text("access_token");

        (await RevokeAsync(("token", token), ("client_id", id))).ShouldBe(200);

        (await Gateway.CallAsync("/abroad/x", token)).ShouldBe(401);
    }

    private Task<Answer> RevokeAsync(params (string Name, string Value)[] fields) => Gateway.ManageAsync("POST", "/tyk/oauth/revoke", TestGateway.Form(fields));

    private Task<Answer> RefreshAsync(OAuthClient client, Answer issued) =>
        Gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", issued.Text("refresh_token")));
}
