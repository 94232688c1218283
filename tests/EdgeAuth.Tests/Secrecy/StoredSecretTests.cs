using EdgeAuth.Catalog;
using EdgeAuth.OAuth.Clients;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Tests.Secrecy;

/// <summary>A client's secret is kept to be shown again only encrypted, and not at all where it is not to be shown.</summary>
public sealed class StoredSecretTests
{
    // How Data Protection's payloads begin, in base64.
    private const string Encrypted = "CfDJ8";

    [Fact]
    public async Task Copy_IsEncrypted_AndShowsTheSecretAgain_AlsoAfterARestart()
    {
        var gateway = await StartAsync(reveal: true);
        var client = await gateway.CreateClientAsync("orders");
        var record = await RecordAsync(gateway, client);
        gateway = await gateway.RestartAsync();
        await using var stopped = gateway;

        Assert.StartsWith(Encrypted, record.SealedSecret, StringComparison.Ordinal);
        Assert.DoesNotContain(client.Secret, record.ToString(), StringComparison.Ordinal);
        Assert.Equal(client.Secret, (await gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/" + client.Id)).ShouldBe(200).Text("secret"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("a chosen secret to look for")]
    public async Task Copy_IsNotKept_WhenSecretsAreNotRevealed(string? chosen)
    {
        await using var gateway = await StartAsync(reveal: false);
        var client = await gateway.CreateClientAsync("orders", policy: "plan", more: new System.Text.Json.Nodes.JsonObject { ["secret"] = chosen });

        Assert.Null((await RecordAsync(gateway, client)).SealedSecret);
        Assert.Equal("", (await gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/" + client.Id)).ShouldBe(200).Text("secret"));
        Assert.All((await TestStore.RawAsync(gateway.Folder)).Values, text => Assert.DoesNotContain(client.Secret, text, StringComparison.Ordinal));

        // It works all the same.
        (await gateway.TokenAsync("orders", client, ("grant_type", "client_credentials"))).ShouldBe(200);
        (await gateway.TokenAsync("orders", client with { Secret = "another" }, ("grant_type", "client_credentials"))).ShouldBe(401);
    }

    [Fact]
    public async Task Copy_GoesUnseen_OnceSecretsAreNoLongerRevealed()
    {
        var gateway = await StartAsync(reveal: true);
        var client = await gateway.CreateClientAsync("orders");
        gateway.Folder.Write("config/gateway.json", """{"EdgeAuth":{"OAuth":{"RevealClientSecrets":false}}}""");
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(200);
        await using var running = gateway;

        Assert.Equal("", (await gateway.ManageAsync("GET", "/tyk/oauth/clients/orders/" + client.Id)).ShouldBe(200).Text("secret"));
        Assert.DoesNotContain(client.Secret, (await gateway.ManageAsync("GET", "/tyk/oauth/clients/orders")).ShouldBe(200).Body, StringComparison.Ordinal);
    }

    private static Task<TestGateway> StartAsync(bool reveal) => TestGateway.StartAsync(
        static upstream => [Definitions.OAuth("orders", upstream)],
        setup =>
        {
            setup.Policy("plan", Definitions.Policy(["orders"]));
            setup.Folder.Write("config/gateway.json", new System.Text.Json.Nodes.JsonObject().With("EdgeAuth.OAuth.RevealClientSecrets", reveal).ToJsonString());
        });

    private static async Task<Client> RecordAsync(TestGateway gateway, OAuthClient client)
    {
        var realm = gateway.Services.GetRequiredService<CatalogHolder>().Current.Apis["orders"].Realm!;
        return (await gateway.Services.GetRequiredService<ClientService>().FindAsync(realm, client.Id, CancellationToken.None))!;
    }
}
