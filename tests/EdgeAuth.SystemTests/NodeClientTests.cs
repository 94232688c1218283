using System.Text.Json;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests;

/// <summary>OAuth clients that nobody here wrote, against a running gateway.</summary>
public sealed class NodeClientTests
{
    private const string RedirectUri = "http://127.0.0.1:9/callback";

    [Theory]
    [InlineData("oauth4webapi.mjs")]
    [InlineData("simple-oauth2.mjs")]
    public async Task Client_WorksUnchanged(string script)
    {
        await using var upstream = await StaticUpstream.StartAsync();
        await using var gateway = new GatewayProcess();
        var providerPort = Ports.Free();
        gateway.Write("apis/items.json", Definitions.OAuth("items", upstream.Url, $"http://127.0.0.1:{providerPort}/login").ToJsonString());
        gateway.Write("policies/plan.json", Definitions.Policy("plan", "items").ToJsonString());
        await gateway.StartAsync();
        var (id, secret) = await gateway.CreateClientAsync("items", RedirectUri, "plan");
        var settings = JsonSerializer.Serialize(new
        {
            gateway = gateway.Url,
            api = "items",
            clientId = id,
            clientSecret = secret,
            secret = GatewayProcess.Secret,
            redirectUri = RedirectUri,
            providerPort,
            rules = """{"access_rights":{"items":{"api_id":"items","versions":["Default"]}}}""",
        });

        var (exitCode, output) = await RunningProcess.RunAsync(
            "node",
            [Path.Combine(Repository.Root, "tests/EdgeAuth.SystemTests/NodeClients", script)],
            environment: new Dictionary<string, string> { ["EDGEAUTH_TEST"] = settings });

        Assert.True(exitCode == 0 && output.Contains("ok", StringComparison.Ordinal), output);
    }
}
