using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.OAuth.Token;

/// <summary>Rotation of refresh tokens (spec b.3, j.13; design: the grace period).</summary>
public sealed class RefreshGrantTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    public static TheoryData<string, int> Styles => new() { { "orders", 400 }, { "vintage", 403 } };

    [Theory]
    [InlineData("orders")]
    [InlineData("vintage")]
    public async Task Rotation_GivesANewPair_AndEndsTheOldOne(string api)
    {
        var client = await Gateway.CreateClientAsync(api);
        var old = await Gateway.IssueAsync(api, client, Definitions.Session([api], """{"alias":"kept","quota_max":7,"quota_renewal_rate":60}"""));

        var fresh = (await Gateway.RefreshAsync(api, client, old.Text("refresh_token"))).ShouldBeJson(200);

        Assert.Equal(["access_token", "expires_in", "refresh_token", "token_type"], fresh.Json.Names());
        Assert.NotEqual(old.Text("refresh_token"), fresh.Text("refresh_token"));
        Assert.Equal(api == "vintage" ? 403 : 401, (await Gateway.CallAsync($"/{api}/x", old.Text("access_token"))).Status);
        (await Gateway.CallAsync($"/{api}/x", fresh.Text("access_token"))).ShouldBe(200);
        var session = await Gateway.SessionAsync(fresh.Text("access_token"));
        Assert.Equal(("kept", 7), (session.GetProperty("alias").GetString(), session.GetProperty("quota_max").GetInt64()));
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task Reuse_EndsTheWholeGrant(string api, int status)
    {
        var client = await Gateway.CreateClientAsync(api);
        var first = await Gateway.IssueAsync(api, client, Definitions.Session([api]));
        var other = await Gateway.IssueAsync(api, client, Definitions.Session([api]));
        var second = (await Gateway.RefreshAsync(api, client, first.Text("refresh_token"))).ShouldBe(200);
        var third = (await Gateway.RefreshAsync(api, client, second.Text("refresh_token"))).ShouldBe(200);

        (await Gateway.RefreshAsync(api, client, first.Text("refresh_token"))).ShouldBeOAuthError(status, "invalid_grant");

        Assert.NotEqual(200, (await Gateway.CallAsync($"/{api}/x", third.Text("access_token"))).Status);
        (await Gateway.RefreshAsync(api, client, third.Text("refresh_token"))).ShouldBeOAuthError(status, "invalid_grant");

        // Another grant of the same client goes on.
        (await Gateway.CallAsync($"/{api}/x", other.Text("access_token"))).ShouldBe(200);
        (await Gateway.RefreshAsync(api, client, other.Text("refresh_token"))).ShouldBe(200);
    }

    [Theory]
    [InlineData("orders", 400, "invalid_grant")]
    [InlineData("vintage", 403, "invalid_client")]
    public async Task Token_MustBeKnown_AndOfThisClientAndApi(string api, int status, string foreign)
    {
        var (client, thief) = (await Gateway.CreateClientAsync(api), await Gateway.CreateClientAsync(api));
        var elsewhere = await Gateway.CreateClientAsync("billing", more: new() { ["client_id"] = client.Id, ["secret"] = client.Secret });
        var issued = await Gateway.IssueAsync(api, client, Definitions.Session([api]));
        var refresh = issued.Text("refresh_token");

        (await Gateway.TokenAsync(api, client, ("grant_type", "refresh_token"))).ShouldBeOAuthError(status, "invalid_grant");
        (await Gateway.RefreshAsync(api, client, "never-was")).ShouldBeOAuthError(status, "invalid_grant");
        (await Gateway.RefreshAsync(api, client, issued.Text("access_token"))).ShouldBeOAuthError(status, "invalid_grant");
        (await Gateway.RefreshAsync("billing", elsewhere, refresh)).ShouldBeOAuthError(400, "invalid_grant");
        (await Gateway.RefreshAsync(api, thief, refresh)).ShouldBeOAuthError(status, foreign);

        // None of these cost its owner anything.
        (await Gateway.CallAsync($"/{api}/x", issued.Text("access_token"))).ShouldBe(200);
        (await Gateway.RefreshAsync(api, client, refresh)).ShouldBe(200);
        (await Gateway.RefreshAsync(api, thief, refresh)).ShouldBeOAuthError(status, foreign);
    }

    [Theory]
    [InlineData("read write", "", "read write")]
    [InlineData("read write", "read", "read")]
    [InlineData("read write", "write read", "write read")]
    [InlineData("read write", "read  write", "read  write")]
    [InlineData("read write", "read admin", null)]
    [InlineData("read write", "rea", null)]
    [InlineData("read write", "READ", null)]
    [InlineData("", "read", null)]
    [InlineData("", "", "")]
    public async Task Scope_MayBeNarrowedOnly(string granted, string asked, string? expected)
    {
        foreach (var (api, status) in new[] { ("orders", 400), ("vintage", 403) })
        {
            var client = await Gateway.CreateClientAsync(api);
            var code = await Gateway.AuthorizeAsync(api, client, Definitions.Session([api]), ("scope", granted));
            var issued = (await Gateway.ExchangeAsync(api, client, code)).ShouldBe(200);

            var answer = await Gateway.RefreshAsync(api, client, issued.Text("refresh_token"), ("scope", asked));

            if (expected is null)
            {
                answer.ShouldBeOAuthError(status, "invalid_scope");
                (await Gateway.RefreshAsync(api, client, issued.Text("refresh_token"))).ShouldBe(200);
            }
            else
            {
                Assert.Equal(expected, answer.ShouldBe(200).Json.TryGetProperty("scope", out var scope) ? scope.GetString() : "");
            }
        }
    }

    [Fact]
    public async Task Rules_AreTheClientsCurrentPolicy_WhereTheGrantHasNoneOfItsOwn()
    {
        var client = await Gateway.CreateClientAsync("orders", policy: "bronze");
        var issued = await Gateway.IssueAsync("orders", client);
        (await Gateway.CallAsync("/orders/x", issued.Text("access_token"))).ShouldBe(200);
        await Gateway.ManageAsync("PUT", "/tyk/oauth/clients/orders/" + client.Id, new JsonObject { ["redirect_uri"] = client.RedirectUri, ["policy_id"] = "silver" });
        (await Gateway.CallAsync("/orders/x", issued.Text("access_token"))).ShouldBeRefused(401, "credential_unknown");

        var fresh = (await Gateway.RefreshAsync("orders", client, issued.Text("refresh_token"))).ShouldBe(200).Text("access_token");

        Assert.Equal("\"rate\";q=50;w=10, \"quota\";q=500;w=3600", (await Gateway.CallAsync("/orders/x", fresh)).ShouldBe(200).Header("RateLimit-Policy"));
    }

    [Theory]
    [InlineData("orders", 400, "unauthorized_client")]
    [InlineData("vintage", 403, "server_error")]
    public async Task Refresh_Fails_WhenThePolicyIsGone_AndTheTokenIsKept(string api, int status, string id)
    {
        var client = await Gateway.CreateClientAsync(api, policy: "silver");
        var refresh = (await Gateway.IssueAsync(api, client)).Text("refresh_token");
        await Gateway.ManageAsync("PUT", $"/tyk/oauth/clients/{api}/{client.Id}", new JsonObject { ["redirect_uri"] = client.RedirectUri });

        (await Gateway.RefreshAsync(api, client, refresh)).ShouldBeOAuthError(status, id);

        await Gateway.ManageAsync("PUT", $"/tyk/oauth/clients/{api}/{client.Id}", new JsonObject { ["redirect_uri"] = client.RedirectUri, ["policy_id"] = "silver" });
        (await Gateway.RefreshAsync(api, client, refresh)).ShouldBe(200);
    }

    [Fact]
    public async Task Refresh_NeedsNoRedirectUri()
    {
        var client = await Gateway.CreateClientAsync("orders");
        var refresh = (await Gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("refresh_token");
        await Gateway.ManageAsync("PUT", "/tyk/oauth/clients/orders/" + client.Id, new JsonObject());

        (await Gateway.RefreshAsync("orders", client, refresh)).ShouldBe(200);
    }

    [Fact]
    public async Task GracePeriod_GivesTheSamePairAgain_ToTheSameClientOnly()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("orders", upstream)], static setup => setup.Set("EdgeAuth:OAuth:RefreshTokenGracePeriod", "30s"));
        var (client, thief) = (await gateway.CreateClientAsync("orders"), await gateway.CreateClientAsync("orders"));
        var old = (await gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("refresh_token");
        var fresh = (await gateway.RefreshAsync("orders", client, old)).ShouldBe(200);

        gateway.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(fresh.Body, (await gateway.RefreshAsync("orders", client, old)).ShouldBe(200).Body);
        (await gateway.RefreshAsync("orders", thief, old)).ShouldBeOAuthError(400, "invalid_grant");
        (await gateway.CallAsync("/orders/x", fresh.Text("access_token"))).ShouldBe(200);

        gateway.Time.Advance(TimeSpan.FromSeconds(1));
        (await gateway.RefreshAsync("orders", client, old)).ShouldBeOAuthError(400, "invalid_grant");
        (await gateway.CallAsync("/orders/x", fresh.Text("access_token"))).ShouldBeRefused(401, "credential_unknown");
        (await gateway.RefreshAsync("orders", client, fresh.Text("refresh_token"))).ShouldBeOAuthError(400, "invalid_grant");
    }

    [Fact]
    public async Task GracePeriod_LosesNothing_WhenRefreshesRace()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.OAuth("orders", upstream)], static setup => setup.Set("EdgeAuth:OAuth:RefreshTokenGracePeriod", "30s"));
        var client = await gateway.CreateClientAsync("orders");
        var old = (await gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("refresh_token");

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => gateway.RefreshAsync("orders", client, old)));

        Assert.Single(answers.Select(static answer => answer.ShouldBe(200).Body).Distinct(StringComparer.Ordinal));
        (await gateway.CallAsync("/orders/x", answers[0].Text("access_token"))).ShouldBe(200);
        Assert.Single((await gateway.ManageAsync("GET", $"/tyk/oauth/clients/orders/{client.Id}/tokens")).Json.EnumerateArray());
        (await gateway.RefreshAsync("orders", client, answers[0].Text("refresh_token"))).ShouldBe(200);
    }
}
