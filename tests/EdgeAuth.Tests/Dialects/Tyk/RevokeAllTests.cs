using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Management revokes everything of a client (spec a.12).</summary>
public sealed class RevokeAllTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Fact]
    public async Task Fields_AreCheckedInTheirOrder()
    {
        var client = await Gateway.CreateClientAsync("orders");

        (await RevokeAsync()).ShouldFail(401, "client_id is required");
        (await RevokeAsync(("client_secret", "s"))).ShouldFail(401, "client_id is required");
        (await RevokeAsync(("client_id", "nobody"))).ShouldFail(401, "client_secret is required");
        (await RevokeAsync(("client_id", "nobody"), ("client_secret", "s"))).ShouldFail(404, "oauth client doesn't exist");
        (await RevokeAsync(("client_id", client.Id), ("client_secret", "wrong"))).ShouldFail(401, "client secret is wrong");
        (await RevokeAsync(("client_id", client.Id), ("client_secret", client.Secret))).ShouldSucceed("tokens revoked successfully");
    }

    [Fact]
    public async Task Fields_AreReadFromTheBodyOnly() =>
        (await Gateway.ManageAsync("POST", "/tyk/oauth/revoke_all?client_id=c&client_secret=s", TestGateway.Form())).ShouldFail(401, "client_id is required");

    [Fact]
    public async Task WrongSecret_EndsNothing()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var issued = await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]));

        (await RevokeAsync(("client_id", client.Id), ("client_secret", "wrong"))).ShouldBe(401);

        (await Gateway.CallAsync("/orders/x", issued.Text("access_token"))).ShouldBe(200);
        (await RefreshAsync(client, issued)).ShouldBe(200);
    }

    [Theory]
    [InlineData("orders", 400)]
    [InlineData("vintage", 403)]
    public async Task RevokeAll_EndsEveryToken_AndTheClientGoesOn(string api, int status)
    {
        var client = await Gateway.CreateClientAsync(api);
        var first = await Gateway.IssueAsync(api, client, Definitions.Session([api]));
        var second = await Gateway.IssueAsync(api, client, Definitions.Session([api]));
        var code = await Gateway.AuthorizeAsync(api, client, Definitions.Session([api]));
        (await Gateway.CallAsync($"/{api}/x", first.Text("access_token"))).ShouldBe(200);

        (await RevokeAsync(("client_id", client.Id), ("client_secret", client.Secret))).ShouldBe(200);

        foreach (var issued in new[] { first, second })
        {
            var call = await Gateway.CallAsync($"/{api}/x", issued.Text("access_token"));
            _ = api == "vintage" ? call.ShouldBeTykRefusal(403, "Key not authorised") : call.ShouldBeRefused(401, "credential_unknown");
            (await Gateway.TokenAsync(api, client, ("grant_type", "refresh_token"), ("refresh_token", issued.Text("refresh_token")))).ShouldBeOAuthError(status, "invalid_grant");
        }

        (await Gateway.TokenAsync(api, client, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.RedirectUri))).ShouldBeOAuthError(status, "invalid_grant");
        Assert.Equal("[]\n", (await Gateway.ManageAsync("GET", $"/tyk/oauth/clients/{api}/{client.Id}/tokens")).Body);
        var fresh = await Gateway.IssueAsync(api, client, Definitions.Session([api]));
        (await Gateway.CallAsync($"/{api}/x", fresh.Text("access_token"))).ShouldBe(200);
    }

    [Fact]
    public async Task RevokeAll_EndsRefreshTokens_WhoseAccessTokenHasExpired()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var issued = await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]));
        Gateway.Time.Leap(TimeSpan.FromHours(3));

        (await RevokeAsync(("client_id", client.Id), ("client_secret", client.Secret))).ShouldBe(200);

        (await RefreshAsync(client, issued)).ShouldBeOAuthError(400, "invalid_grant");
    }

    [Fact]
    public async Task CopiesWithAnotherSecret_AreLeftAlone()
    {
        var id = Guid.NewGuid().ToString("N");
        var orders = await Gateway.CreateClientAsync("orders", more: new() { ["client_id"] = id, ["secret"] = "one" });
        var billing = await Gateway.CreateClientAsync("billing", more: new() { ["client_id"] = id, ["secret"] = "two" });
        var ofOrders = (await Gateway.IssueAsync("orders", orders, Definitions.Session(["orders"]))).Text("access_token");
        var ofBilling = (await Gateway.IssueAsync("billing", billing, Definitions.Session(["billing"]))).Text("access_token");

        (await RevokeAsync(("client_id", id), ("client_secret", "two"))).ShouldSucceed("tokens revoked successfully");

        (await Gateway.CallAsync("/orders/x", ofOrders)).ShouldBe(200);
        (await Gateway.CallAsync("/billing/x", ofBilling)).ShouldBe(401);
    }

    [Fact]
    public async Task Organisation_LimitsWhereItIsSearched()
    {
        var id = Guid.NewGuid().ToString("N");
        var here = await Gateway.CreateClientAsync("orders", more: new() { ["client_id"] = id, ["secret"] = "same" });
        var there = await Gateway.CreateClientAsync("abroad", more: new() { ["client_id"] = id, ["secret"] = "same" });
        var token = (await Gateway.IssueAsync("orders", here, Definitions.Session(["orders"]))).Text("access_token");
        var foreign = (await Gateway.IssueAsync("abroad", there, Definitions.Session(["abroad"]))).Text("access_token");

        (await RevokeAsync(("client_id", id), ("client_secret", "same"), ("org_id", "org3"))).ShouldFail(404, "oauth client doesn't exist");
        (await RevokeAsync(("client_id", id), ("client_secret", "same"), ("org_id", "org2"))).ShouldBe(200);

        (await Gateway.CallAsync("/orders/x", token)).ShouldBe(200);
        (await Gateway.CallAsync("/abroad/x", foreign)).ShouldBe(401);
    }

    private Task<Answer> RevokeAsync(params (string Name, string Value)[] fields) => Gateway.ManageAsync("POST", "/tyk/oauth/revoke_all", TestGateway.Form(fields));

    private Task<Answer> RefreshAsync(OAuthClient client, Answer issued) =>
        Gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", issued.Text("refresh_token")));
}
