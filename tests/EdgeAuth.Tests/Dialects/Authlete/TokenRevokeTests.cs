using System.Text.Json.Nodes;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>Revoking tokens, one or many (spec/authlete.md 1.4).</summary>
public sealed class TokenRevokeTests(AuthleteGateway shared) : IClassFixture<AuthleteGateway>
{
    private AuthleteService Orders => shared.Orders;

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"accessTokenIdentifier":null,"refreshTokenIdentifier":null,"clientIdentifier":null,"subject":null}""")]
    [InlineData("""{"clientIdentifier":""}""")]
    [InlineData("""{"accessTokenIdentifier":"","refreshTokenIdentifier":"","clientIdentifier":"","subject":""}""")]
    [InlineData("""{"AccessTokenIdentifier":"x","client":"y"}""")]
    public async Task NothingToRevoke_IsRefused(string body) => AuthleteModel.ShouldFail(await Orders.PostAsync("revoke", body), 400, "A000201");

    [Fact]
    public async Task EmptyForm_RevokesNothing() => AuthleteModel.ShouldFail(await Orders.FormAsync("revoke", ("clientIdentifier", ""), ("subject", "")), 400, "A000201");

    [Fact]
    public async Task AccessToken_IsRevoked_ByValueAndByHash()
    {
        var (_, number) = await Orders.ClientAsync("orders");
        foreach (var name in new Func<string, string>[] { static token => token, static token => KeyHash.Of(token).ToBase64Url() })
        {
            var token = (await Orders.CreateAsync(number)).GetProperty("accessToken").GetString()!;
            Assert.Equal(200, await Orders.UseAsync("orders", token));

            Assert.Equal(0, await RevokeAsync(("refreshTokenIdentifier", name(token))));
            Assert.Equal(0, await RevokeAsync(shared.Billing, ("accessTokenIdentifier", name(token))));
            Assert.Equal(200, await Orders.UseAsync("orders", token));
            Assert.Equal(1, await RevokeAsync(("accessTokenIdentifier", name(token))));
            Assert.Equal(0, await RevokeAsync(("accessTokenIdentifier", name(token))));

            Assert.Equal(401, await Orders.UseAsync("orders", token));
            Assert.Equal(0, await Orders.CountAsync(number));
        }
    }

    [Fact]
    public async Task RefreshToken_IsRevoked_AndItsAccessTokenWithIt()
    {
        var (client, number) = await Orders.ClientAsync("orders");
        foreach (var name in new Func<string, string>[] { static token => token, static token => KeyHash.Of(token).ToBase64Url() })
        {
            var created = await Orders.CreateAsync(number);
            var (access, refresh) = (created.GetProperty("accessToken").GetString()!, created.GetProperty("refreshToken").GetString()!);

            Assert.Equal(0, await RevokeAsync(("accessTokenIdentifier", name(refresh))));
            Assert.Equal(1, await RevokeAsync(("refreshTokenIdentifier", name(refresh))));

            Assert.Equal(401, await Orders.UseAsync("orders", access));
            Assert.Equal(400, (await shared.Gateway.TokenAsync("orders", client, ("grant_type", "refresh_token"), ("refresh_token", refresh))).Status);
        }
    }

    [Fact]
    public async Task Many_AreRevoked_ByClientAndSubject()
    {
        var ((client, number), (_, other)) = (await Orders.ClientAsync("orders"), await Orders.ClientAsync("orders"));
        var subject = "many-" + number;
        foreach (var (of, to) in new[] { (number, subject), (number, subject), (number, "bob"), (other, subject), (other, "bob") })
        {
            await Orders.CreateAsync(of, to);
        }

        Assert.Equal(2, await RevokeAsync(("clientIdentifier", client.Id), ("subject", subject)));
        Assert.Equal((1, 2), (await Orders.CountAsync(number), await Orders.CountAsync(other)));
        Assert.Equal(0, await RevokeAsync(shared.Billing, ("subject", subject)));
        Assert.Equal(1, await RevokeAsync(("subject", subject)));
        Assert.Equal(1, await RevokeAsync(("clientIdentifier", number.ToString())));
        Assert.Equal(0, await RevokeAsync(("clientIdentifier", number.ToString())));
        Assert.Equal((0, 1), (await Orders.CountAsync(number), await Orders.CountAsync(other)));
    }

    [Fact]
    public async Task FirstThatIsGiven_Decides()
    {
        var (client, number) = await Orders.ClientAsync("orders");
        var subject = "first-" + number;
        var refresh = (await Orders.CreateAsync(number, subject)).GetProperty("refreshToken").GetString()!;

        Assert.Equal(0, await RevokeAsync(("accessTokenIdentifier", "nobody"), ("refreshTokenIdentifier", refresh), ("clientIdentifier", client.Id), ("subject", subject)));
        Assert.Equal(0, await RevokeAsync(("accessTokenIdentifier", ""), ("refreshTokenIdentifier", "nobody"), ("clientIdentifier", client.Id)));
        Assert.Equal(1, await Orders.CountAsync(number));
        Assert.Equal(1, await RevokeAsync(("accessTokenIdentifier", ""), ("refreshTokenIdentifier", refresh), ("clientIdentifier", "nobody")));
    }

    [Fact]
    public async Task UnknownClient_AndOneOfAnotherService()
    {
        var (client, number) = await shared.Billing.ClientAsync("billing");

        AuthleteModel.ShouldFail(await Orders.PostAsync("revoke", """{"clientIdentifier":"nobody","subject":"ana"}"""), 404, "A001218");
        AuthleteModel.ShouldFail(await Orders.PostAsync("revoke", new JsonObject { ["clientIdentifier"] = client.Id }), 403, "A001219");
        AuthleteModel.ShouldFail(await Orders.PostAsync("revoke", new JsonObject { ["clientIdentifier"] = number.ToString() }), 403, "A001219");
        Assert.Equal(0, await RevokeAsync(("subject", "nobody")));
    }

    [Fact]
    public async Task RecordWhoseAccessTokenHasExpired_Counts()
    {
        var (_, number) = await Orders.ClientAsync("orders");
        var token = (await Orders.CreateAsync(number, more: new() { ["accessTokenDuration"] = 10 })).GetProperty("accessToken").GetString()!;
        shared.Gateway.Time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(1, await RevokeAsync(("accessTokenIdentifier", KeyHash.Of(token).ToBase64Url())));
    }

    [Fact]
    public async Task Form_IsTaken()
    {
        var (_, number) = await Orders.ClientAsync("orders");
        await Orders.CreateAsync(number, "form user+1");

        Assert.Equal(1, AuthleteModel.Revoked.ReadOk(await Orders.FormAsync("revoke", ("subject", "form user+1"), ("clientIdentifier", "")), "A312001").GetProperty("count").GetInt32());
    }

    private Task<int> RevokeAsync(params (string Name, string Value)[] members) => RevokeAsync(Orders, members);

    private static async Task<int> RevokeAsync(AuthleteService service, params (string Name, string Value)[] members)
    {
        var body = new JsonObject(members.Select(static member => KeyValuePair.Create(member.Name, (JsonNode?)member.Value)));
        var revoked = AuthleteModel.Revoked.ReadOk(await service.PostAsync("revoke", body), "A312001");
        Assert.Equal(["resultCode", "resultMessage", "count"], revoked.Names());
        return revoked.GetProperty("count").GetInt32();
    }
}
