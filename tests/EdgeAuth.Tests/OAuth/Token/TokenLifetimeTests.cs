using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.OAuth.Token;

/// <summary>How long tokens and codes live: the common default, Tyk's setting over it, the API's own value over both (design: configuration).</summary>
public sealed class TokenLifetimeTests
{
    [Theory]
    [InlineData(null, null, null, 3600)]
    [InlineData("10m", null, null, 600)]
    [InlineData("10m", "120", null, 120)]
    [InlineData("10m", "0", null, 600)]
    [InlineData("10m", "120", "45s", 45)]
    [InlineData("10m", "120", "1h30m", 5400)]
    [InlineData(null, null, "90", 90)]
    public async Task AccessToken_LivesAsLongAsIsSaid(string? common, string? tyk, string? own, int seconds)
    {
        await using var gateway = await StartAsync("AccessTokenLifetime", common, "oauth_token_expire", tyk, "access_token_lifetime", own);
        var issued = await gateway.IssueAsync("orders", await gateway.CreateClientAsync("orders"), Definitions.Session(["orders"], """{"expires":7}"""));
        var token = issued.Text("access_token");

        Assert.Equal(seconds, issued.Json.GetProperty("expires_in").GetInt64());
        Assert.Equal(gateway.Time.GetUtcNow().ToUnixTimeSeconds() + seconds, (await gateway.SessionAsync(token)).GetProperty("expires").GetInt64());
        gateway.Time.Advance(TimeSpan.FromSeconds(seconds));
        (await gateway.CallAsync("/orders/x", token)).ShouldBe(200);
        gateway.Time.Advance(TimeSpan.FromSeconds(1));
        (await gateway.CallAsync("/orders/x", token)).ShouldBeRefused(401, "credential_expired");
    }

    [Theory]
    [InlineData("10m", null, null, 600)]
    [InlineData("10m", "120", null, 120)]
    [InlineData("10m", "120", "45s", 45)]
    [InlineData(null, null, "2h", 7200)]
    public async Task RefreshToken_LivesAsLongAsIsSaid_FromEachRotation(string? common, string? tyk, string? own, int seconds)
    {
        await using var gateway = await StartAsync("RefreshTokenLifetime", common, "oauth_refresh_token_expire", tyk, "refresh_token_lifetime", own);
        var client = await gateway.CreateClientAsync("orders");
        var first = (await gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("refresh_token");

        gateway.Time.Advance(TimeSpan.FromSeconds(seconds - 1));
        var second = (await gateway.RefreshAsync("orders", client, first)).ShouldBe(200).Text("refresh_token");
        gateway.Time.Advance(TimeSpan.FromSeconds(seconds - 1));
        var third = (await gateway.RefreshAsync("orders", client, second)).ShouldBe(200).Text("refresh_token");
        gateway.Time.Advance(TimeSpan.FromSeconds(seconds));

        (await gateway.RefreshAsync("orders", client, third)).ShouldBeOAuthError(400, "invalid_grant");
    }

    [Fact]
    public async Task RefreshToken_OutlivesItsAccessToken()
    {
        await using var gateway = await StartAsync("AccessTokenLifetime", "1m", "", null, "", null);
        var client = await gateway.CreateClientAsync("orders");
        var refresh = (await gateway.IssueAsync("orders", client, Definitions.Session(["orders"]))).Text("refresh_token");

        gateway.Time.Leap(TimeSpan.FromHours(5));

        var fresh = (await gateway.RefreshAsync("orders", client, refresh)).ShouldBe(200).Text("access_token");
        (await gateway.CallAsync("/orders/x", fresh)).ShouldBe(200);
    }

    [Theory]
    [InlineData(null, null, 250)]
    [InlineData("1m", null, 60)]
    [InlineData("1m", "20s", 20)]
    public async Task Code_LivesAsLongAsIsSaid(string? common, string? own, int seconds)
    {
        await using var gateway = await StartAsync("CodeLifetime", common, "", null, "code_lifetime", own);
        var client = await gateway.CreateClientAsync("orders");
        var (first, second) = (await gateway.AuthorizeAsync("orders", client, Definitions.Session(["orders"])), await gateway.AuthorizeAsync("orders", client, Definitions.Session(["orders"])));

        gateway.Time.Advance(TimeSpan.FromSeconds(seconds - 1));
        (await gateway.ExchangeAsync("orders", client, first)).ShouldBe(200);
        gateway.Time.Advance(TimeSpan.FromSeconds(1));
        (await gateway.ExchangeAsync("orders", client, second)).ShouldBeOAuthError(400, "invalid_grant");
    }

    private static Task<TestGateway> StartAsync(string commonName, string? common, string tykName, string? tyk, string ownName, string? own) => TestGateway.StartAsync(
        upstream => [own is null ? Definitions.OAuth("orders", upstream) : Definitions.OAuth("orders", upstream).With("oauth_meta." + ownName, own)],
        setup =>
        {
            if (common is not null)
            {
                setup.Set("EdgeAuth:OAuth:" + commonName, common);
            }

            if (tyk is not null)
            {
                setup.Set("EdgeAuth:Dialects:Tyk:" + tykName, tyk);
            }
        });
}
