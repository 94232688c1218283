using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Management invalidates refresh tokens (spec a.10).</summary>
public sealed class RefreshInvalidationTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Theory]
    [InlineData("/tyk/oauth/refresh/token", 400, "Missing parameter api_id")]
    [InlineData("/tyk/oauth/refresh/token?api_id=", 400, "Missing parameter api_id")]
    [InlineData("/tyk/oauth/refresh/token?api_id=nowhere", 404, "API for this refresh token not found")]
    [InlineData("/tyk/oauth/refresh/nowhere/token", 404, "API for this refresh token not found")]
    [InlineData("/tyk/oauth/refresh/token?api_id=stock", 400, "OAuth is not enabled on this API")]
    [InlineData("/tyk/oauth/refresh/stock/token", 400, "OAuth is not enabled on this API")]
    public async Task Invalidation_Fails_WithoutAnApiThatIssues(string path, int status, string message) =>
        (await Gateway.ManageAsync("DELETE", path)).ShouldFail(status, message);

    [Fact]
    public async Task Invalidation_AnswersAlike_ForAnUnknownToken() =>
        (await Gateway.ManageAsync("DELETE", "/tyk/oauth/refresh/never-was?api_id=orders")).ShouldBeModified("never-was", "deleted");

    [Theory]
    [InlineData("orders", 400)]
    [InlineData("vintage", 403)]
    public async Task InvalidatedToken_IsRefused_AndItsAccessTokenStays(string api, int status)
    {
        var client = await Gateway.CreateClientAsync(api);
        var issued = await Gateway.IssueAsync(api, client, Definitions.Session([api]));
        var refresh = issued.Text("refresh_token");

        (await Gateway.ManageAsync("DELETE", $"/tyk/oauth/refresh/{refresh}?api_id={api}")).ShouldBeModified(refresh, "deleted");

        // Refused however often: an invalidated token is not a replayed one, which would end the grant.
        for (var i = 0; i < 2; i++)
        {
            (await Gateway.TokenAsync(api, client, ("grant_type", "refresh_token"), ("refresh_token", refresh))).ShouldBeOAuthError(status, "invalid_grant");
        }

        (await Gateway.CallAsync($"/{api}/x", issued.Text("access_token"))).ShouldBe(200);
        (await Gateway.ManageAsync("DELETE", $"/tyk/oauth/refresh/{refresh}?api_id={api}")).ShouldBeModified(refresh, "deleted");
    }

    [Fact]
    public async Task Token_IsLeftAlone_WhenItIsOfAnotherApi()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var refresh = (await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("refresh_token");

        (await Gateway.ManageAsync("DELETE", $"/tyk/oauth/refresh/{refresh}?api_id=billing")).ShouldBeModified(refresh, "deleted");

        (await Gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", refresh))).ShouldBe(200);
    }

    [Fact]
    public async Task AccessToken_IsNotOne()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var access = (await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("access_token");

        (await Gateway.ManageAsync("DELETE", $"/tyk/oauth/refresh/{access}?api_id=orders")).ShouldBeModified(access, "deleted");

        (await Gateway.CallAsync("/orders/x", access)).ShouldBe(200);
    }
}
