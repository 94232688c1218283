using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>What is answered while the store cannot be asked (spec/authlete.md 1, design: outages).</summary>
public sealed class StoreTroubleTests
{
    [Fact]
    public async Task StoreThatIsGone_IsSaidInEachOperationsOwnWay()
    {
        var store = new StoreSwitch();
        await using var gateway = await TestGateway.StartAsync(AuthleteGateway.Apis, setup =>
        {
            AuthleteGateway.Enable(setup);
            setup.Services = store.Install;
        });
        var service = new AuthleteService(gateway, "orders", TestGateway.Secret);
        var (client, number) = await service.ClientAsync("orders");
        var token = (await service.CreateAsync(number)).GetProperty("accessToken").GetString()!;

        store.TurnOff(gateway.Services);

        AuthleteModel.ShouldSay(await service.PostAsync("create", new JsonObject { ["grantType"] = "PASSWORD", ["subject"] = "ana", ["clientId"] = number }), "INTERNAL_SERVER_ERROR", "A108101");
        AuthleteModel.ShouldSay(await service.PostAsync("update", new JsonObject { ["accessToken"] = token }), "INTERNAL_SERVER_ERROR", "A135101");
        ShouldBeUnavailable(await service.PostAsync("revoke", new JsonObject { ["subject"] = "ana" }), "A000101");
        ShouldBeUnavailable(await service.PostAsync("revoke", new JsonObject { ["accessTokenIdentifier"] = token }), "A000101");
        ShouldBeUnavailable(await service.PostAsync("revoke", new JsonObject { ["clientIdentifier"] = client.Id }), "A000101");
        ShouldBeUnavailable(await service.ListAsync(), "A000101");
        ShouldBeUnavailable(await service.DeleteAsync(token), "A161101");

        store.TurnOn();
        Assert.Equal(1, await service.CountAsync(number));
    }

    private static void ShouldBeUnavailable(Answer answer, string code) => Assert.NotNull(AuthleteModel.ShouldFail(answer, 503, code).Header("Retry-After"));
}
