using System.Text.Json.Nodes;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.OAuth.Clients;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>The gateway's own realm: a service like others, whose tokens reach no API that their rights do not name (design: which tokens an API takes).</summary>
public sealed class GatewayRealmTests(AuthleteGateway shared) : IClassFixture<AuthleteGateway>
{
    private TestGateway Gateway => shared.Gateway;

    private AuthleteService Own => new(Gateway, "gateway", TestGateway.Secret);

    [Fact]
    public async Task Realm_WithoutClients_AnswersAsAnyOther()
    {
        await using var gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, AuthleteGateway.Enable);
        var own = new AuthleteService(gateway, "gateway", TestGateway.Secret);
        await gateway.CreateClientAsync("orders", more: new JsonObject { ["client_id"] = "77" });

        Assert.Equal(0, AuthleteModel.List.Read(await own.ListAsync()).GetProperty("totalCount").GetInt32());
        AuthleteModel.ShouldSay(await own.PostAsync("create", """{"grantType":"PASSWORD","clientId":78,"subject":"ana"}"""), "BAD_REQUEST", "A107201");
        AuthleteModel.ShouldSay(await own.PostAsync("create", """{"grantType":"PASSWORD","clientId":77,"subject":"ana"}"""), "FORBIDDEN", "A107202");
    }

    [Fact]
    public async Task Token_ReachesWhatItsRightsName_AndNothingElse()
    {
        var client = await ClientAsync();
        var bare = (await Own.CreateAsync(client)).GetProperty("accessToken").GetString()!;
        var unnamed = await CreateAsync(client, """{"rate":5,"per":60}""");
        var named = await CreateAsync(client, Definitions.Session(["orders", "stock"], """{"quota_max":2,"quota_renewal_rate":60}""").ToJsonString());

        foreach (var api in new[] { "orders", "billing", "stock" })
        {
            (await Gateway.CallAsync($"/{api}/x", bare)).ShouldBeRefused(403, "api_forbidden");
            (await Gateway.CallAsync($"/{api}/x", unnamed)).ShouldBeRefused(403, "api_forbidden");
        }

        (await Gateway.CallAsync("/orders/x", named)).ShouldBe(200);
        (await Gateway.CallAsync("/stock/x", named)).ShouldBe(200);
        (await Gateway.CallAsync("/billing/x", named)).ShouldBeRefused(403, "api_forbidden");
        (await Gateway.CallAsync("/orders/x", named)).ShouldBeRefused(429, "quota_exceeded");
        AuthleteModel.ShouldFail(await shared.Orders.DeleteAsync(named), 403, "A161203");
        AuthleteModel.ShouldSay(await shared.Orders.PostAsync("update", new JsonObject { ["accessToken"] = named }), "FORBIDDEN", "A134203");
        Assert.Equal(3, AuthleteModel.Revoked.ReadOk(await Own.PostAsync("revoke", """{"subject":"ana"}"""), "A312001").GetProperty("count").GetInt32());
        (await Gateway.CallAsync("/orders/x", named)).ShouldBeRefused(401, "credential_unknown");
    }

    private async Task<string> CreateAsync(long client, string rules) => (await Own.CreateAsync(client, more: new JsonObject
    {
        ["properties"] = new JsonArray(new JsonObject { ["key"] = "key_rules", ["value"] = rules }),
    })).GetProperty("accessToken").GetString()!;

    // No dialect that is mounted here makes clients of this realm.
    private async Task<long> ClientAsync()
    {
        var realm = Gateway.Services.GetRequiredService<CatalogHolder>().Current.GatewayRealm;
        var (client, _) = await Gateway.Services.GetRequiredService<ClientService>().CreateAsync(new ClientDraft("", "", "", "", null, ""), [realm], ChangeSet.CarriedOut, CancellationToken.None);
        return client.Number;
    }
}
