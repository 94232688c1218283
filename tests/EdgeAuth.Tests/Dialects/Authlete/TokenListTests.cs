using System.Globalization;
using System.Text.Json;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>Listing tokens (spec/authlete.md 1.3, 2.3).</summary>
public sealed class TokenListTests(AuthleteGateway shared) : IClassFixture<AuthleteGateway>
{
    private AuthleteService Orders => shared.Orders;

    [Theory]
    [InlineData("start=x", "A159201")]
    [InlineData("start=1.5", "A159201")]
    [InlineData("start=2147483648", "A159201")]
    [InlineData("start=-2147483649", "A159201")]
    [InlineData("start=%201", "A159201")]
    [InlineData("start=x&end=x", "A159201")]
    [InlineData("start=-1", "A159202")]
    [InlineData("start=-2147483648&end=x", "A159202")]
    [InlineData("end=x", "A159203")]
    [InlineData("end=9999999999", "A159203")]
    [InlineData("end=-1", "A159204")]
    [InlineData("start=0&end=1001", "A159205")]
    [InlineData("end=2147483647", "A159205")]
    [InlineData("tokenStatus=all", "A000201")]
    [InlineData("tokenStatus=EXPIRED", "A000201")]
    [InlineData("subject=%FF", "A000201")]
    [InlineData("subject=%zz", "A000201")]
    public async Task BadQuery_IsRefused(string query, string code) => AuthleteModel.ShouldFail(
        Answer.Of(await RawHttp.SendAsync(shared.Gateway.Url, $"GET /api/auth/token/get/list?{query} HTTP/1.1\nHost: gateway\nAuthorization: {Orders.Authorization}\n\n")), 400, code);

    [Theory]
    [InlineData("", 0, 5)]
    [InlineData("start=&end=&subject=&clientIdentifier=&tokenStatus=", 0, 5)]
    [InlineData("start=10", 10, 5)]
    [InlineData("start=7&end=7", 7, 7)]
    [InlineData("start=2147483647&end=0", 2147483647, 0)]
    [InlineData("start=2147482647&end=2147483647", 2147482647, 2147483647)]
    [InlineData("end=1000", 0, 1000)]
    public async Task Window_IsRepeatedAsAskedFor(string query, int start, int end)
    {
        var list = AuthleteModel.List.Read(await shared.Plain.ListAsync(query));

        Assert.Equal((start, end), (list.GetProperty("start").GetInt32(), list.GetProperty("end").GetInt32()));
        Assert.Equal(["start", "end", "totalCount"], list.Names());
    }

    [Fact]
    public async Task Pages_AreInTheOrderOfCreation()
    {
        var (_, number) = await Orders.ClientAsync("orders");
        var hashes = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            hashes.Add(HashOf(await Orders.CreateAsync(number)));
            shared.Gateway.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(hashes[..5], await PageAsync(number, "", 7));
        Assert.Equal(hashes[2..4], await PageAsync(number, "&start=2&end=4", 7));
        Assert.Equal(hashes[5..], await PageAsync(number, "&start=5&end=1000", 7));
        Assert.Equal(hashes, await PageAsync(number, "&end=1000&tokenStatus=ALL", 7));
        Assert.Empty(await PageAsync(number, "&start=7&end=9", 7));
        Assert.Empty(await PageAsync(number, "&start=0&end=0", 7));
        Assert.Empty(await PageAsync(number, "&start=3&end=1", 7));
        Assert.Empty(await PageAsync(number, "&start=10", 7));
    }

    [Fact]
    public async Task Filters_GoTogether()
    {
        var ((client, number), (_, other)) = (await Orders.ClientAsync("orders"), await Orders.ClientAsync("orders"));
        var subject = "filter user+" + number;
        await Orders.CreateAsync(number, subject);
        await Orders.CreateAsync(number, "someone");
        await Orders.CreateAsync(other, subject);

        Assert.Equal((2, 2, 1, 0), (
            await TotalAsync($"subject={Uri.EscapeDataString(subject)}"),
            await TotalAsync($"clientIdentifier={client.Id}"),
            await TotalAsync($"clientIdentifier={number}&subject={Uri.EscapeDataString(subject).Replace("%20", "+", StringComparison.Ordinal)}"),
            await TotalAsync($"subject={Uri.EscapeDataString(subject.ToUpperInvariant())}")));
        var list = AuthleteModel.List.Read(await Orders.ListAsync($"subject={Uri.EscapeDataString(subject)}"));
        Assert.Equal(subject, list.GetProperty("subject").GetString());
        Assert.False(list.TryGetProperty("client", out _));
    }

    [Fact]
    public async Task Client_IsShown_AlsoWithoutTokens()
    {
        var (client, number) = await Orders.ClientAsync("orders");

        foreach (var identifier in new[] { client.Id, number.ToString(CultureInfo.InvariantCulture) })
        {
            var list = AuthleteModel.List.Read(await Orders.ListAsync("clientIdentifier=" + identifier));
            Assert.Equal(["start", "end", "totalCount", "client"], list.Names());
            var shown = list.GetProperty("client");
            Assert.Equal((number, client.Id, true, "CONFIDENTIAL", false), (
                shown.GetProperty("clientId").GetInt64(), shown.GetProperty("clientIdAlias").GetString(), shown.GetProperty("clientIdAliasEnabled").GetBoolean(), shown.GetProperty("clientType").GetString(), shown.GetProperty("locked").GetBoolean()));
            Assert.Equal("""["AUTHORIZATION_CODE","IMPLICIT","PASSWORD","CLIENT_CREDENTIALS","REFRESH_TOKEN"]""", shown.GetProperty("grantTypes").GetRawText());
            Assert.Equal("""["CODE","TOKEN"]""", shown.GetProperty("responseTypes").GetRawText());
            Assert.Equal($"""["{client.RedirectUri}"]""", shown.GetProperty("redirectUris").GetRawText());
            Assert.DoesNotContain(client.Secret, list.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ClientWhoseIdIsItsNumber_HasNoAlias()
    {
        await Orders.ClientAsync("orders", "800100200300");

        var shown = AuthleteModel.List.Read(await Orders.ListAsync("clientIdentifier=800100200300")).GetProperty("client");

        Assert.False(shown.TryGetProperty("clientIdAlias", out _));
        Assert.False(shown.GetProperty("clientIdAliasEnabled").GetBoolean());
        Assert.Equal(800100200300, shown.GetProperty("clientId").GetInt64());
    }

    [Fact]
    public async Task UnknownClient_AndOneOfAnotherService()
    {
        var (client, number) = await shared.Billing.ClientAsync("billing");

        foreach (var unknown in new[] { "nobody", "5", "99999999999999999999", "%20" })
        {
            AuthleteModel.ShouldFail(await Orders.ListAsync("clientIdentifier=" + unknown), 404, "A001218");
        }

        AuthleteModel.ShouldFail(await Orders.ListAsync("clientIdentifier=" + client.Id), 403, "A001219");
        AuthleteModel.ShouldFail(await Orders.ListAsync("clientIdentifier=" + number), 403, "A001219");
    }

    [Fact]
    public async Task Status_FollowsTheAccessToken()
    {
        var (_, number) = await Orders.ClientAsync("orders");
        var brief = await Orders.CreateAsync(number, more: new() { ["accessTokenDuration"] = 60 });
        shared.Gateway.Time.Advance(TimeSpan.FromMilliseconds(1));
        var lasting = await Orders.CreateAsync(number, more: new() { ["accessTokenDuration"] = 600 });
        shared.Gateway.Time.Advance(TimeSpan.FromSeconds(120));

        Assert.Equal([HashOf(brief), HashOf(lasting)], await PageAsync(number, "&tokenStatus=ALL", 2));
        Assert.Equal([HashOf(lasting)], await PageAsync(number, "&tokenStatus=VALID", 1));
        Assert.Equal([HashOf(brief)], await PageAsync(number, "&tokenStatus=INVALID", 1));
    }

    // Whoever issued a token, it is listed here.
    [Fact]
    public async Task TokenOfTheTokenEndpoint_IsListed_AndARefreshKeepsItsRow()
    {
        var (client, number) = await Orders.ClientAsync("orders");
        var issued = await shared.Gateway.IssueAsync("orders", client, Definitions.Session(["orders"], """{"rate":5,"per":10}"""));
        var before = await Orders.RowAsync(number, KeyHash.Of(issued.Text("access_token")).ToBase64Url());
        Assert.Equal(("AUTHORIZATION_CODE", 0L), (before.GetProperty("grantType").GetString(), before.GetProperty("lastRefreshedAt").GetInt64()));
        Assert.Contains(before.GetProperty("properties").EnumerateArray(), static property => property.GetProperty("key").GetString() is "key_rules" && property.GetProperty("hidden").GetBoolean());
        Assert.Equal(KeyHash.Of(issued.Text("refresh_token")).ToBase64Url(), before.GetProperty("refreshTokenHash").GetString());

        shared.Gateway.Time.Advance(TimeSpan.FromSeconds(5));
        var fresh = (await shared.Gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", issued.Text("refresh_token")))).ShouldBe(200);

        var after = await Orders.RowAsync(number, KeyHash.Of(fresh.Text("access_token")).ToBase64Url());
        Assert.Equal(1, await Orders.CountAsync(number));
        Assert.Equal((before.GetProperty("createdAt").GetInt64(), "AUTHORIZATION_CODE"), (after.GetProperty("createdAt").GetInt64(), after.GetProperty("grantType").GetString()));
        Assert.True(after.GetProperty("lastRefreshedAt").GetInt64() > after.GetProperty("createdAt").GetInt64());
    }

    [Fact]
    public async Task Expiries_AreShownToTheSecond_AndTokensNever()
    {
        var (_, number) = await Orders.ClientAsync("orders");
        shared.Gateway.Time.Advance(TimeSpan.FromMilliseconds(417));
        var created = await Orders.CreateAsync(number);

        var list = await Orders.ListAsync("clientIdentifier=" + number);
        var row = Assert.Single(AuthleteModel.List.Read(list).GetProperty("accessTokens").EnumerateArray());

        Assert.Equal(0, row.GetProperty("accessTokenExpiresAt").GetInt64() % 1000);
        Assert.Equal(0, row.GetProperty("refreshTokenExpiresAt").GetInt64() % 1000);
        Assert.InRange(row.GetProperty("accessTokenExpiresAt").GetInt64() - created.GetProperty("expiresAt").GetInt64(), -500, 500);
        Assert.DoesNotContain(created.GetProperty("accessToken").GetString()!, list.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(created.GetProperty("refreshToken").GetString()!, list.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_SeesItsOwnRealm()
    {
        var (_, number) = await Orders.ClientAsync("orders");
        await Orders.CreateAsync(number, "realm-user");

        Assert.Equal((1, 1, 0), (await TotalAsync("subject=realm-user"), await TotalAsync("subject=realm-user", shared.Shop), await TotalAsync("subject=realm-user", shared.Billing)));
        Assert.Equal(0, await TotalAsync("", new AuthleteService(shared.Gateway, "gateway", TestGateway.Secret)));
    }

    private static string HashOf(JsonElement created) => KeyHash.Of(created.GetProperty("accessToken").GetString()!).ToBase64Url();

    private async Task<int> TotalAsync(string query, AuthleteService? service = null) => AuthleteModel.List.Read(await (service ?? Orders).ListAsync(query)).GetProperty("totalCount").GetInt32();

    private async Task<List<string>> PageAsync(long client, string more, int total)
    {
        var list = AuthleteModel.List.Read(await Orders.ListAsync($"clientIdentifier={client}{more}"));
        Assert.Equal(total, list.GetProperty("totalCount").GetInt32());
        return list.TryGetProperty("accessTokens", out var rows) ? [.. rows.EnumerateArray().Select(static row => row.GetProperty("accessTokenHash").GetString()!)] : [];
    }
}
