using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>Liveness and readiness in Tyk's shape, for anyone (spec f.5, j.16).</summary>
public sealed class HealthTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Theory]
    [InlineData("/hello")]
    [InlineData("/hello/")]
    [InlineData("/ready")]
    [InlineData("/ready/")]
    public async Task Health_IsToldWithoutASecret(string path)
    {
        var answer = (await Gateway.CallAsync(path)).ShouldBe(200);

        Assert.Equal("application/json", answer.Header("Content-Type"));
        Assert.Equal(["status", "version", "description", "details"], answer.Json.Names());
        Assert.Equal(("pass", "EdgeAuth"), (answer.Text("status"), answer.Text("description")));
        Assert.NotEqual("", answer.Text("version"));
        var store = answer.Json.GetProperty("details").GetProperty(TestStore.Name);
        Assert.Equal(["status", "componentType", "time"], store.Names());
        Assert.Equal(("pass", "datastore"), (store.GetProperty("status").GetString(), store.GetProperty("componentType").GetString()));
        Assert.Equal(Gateway.Time.GetUtcNow(), DateTimeOffset.Parse(store.GetProperty("time").GetString()!), TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("/hello", "POST")]
    [InlineData("/hello", "DELETE")]
    [InlineData("/ready", "PUT")]
    public async Task Health_TakesGetOnly(string path, string method)
    {
        var answer = (await Gateway.CallAsync(path, method: method)).ShouldBe(405);

        Assert.Equal(("error", "Method Not Allowed"), (answer.Text("status"), answer.Text("message")));
    }

    [Fact]
    public async Task Hello_Warns_AfterARefusedReload()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("open", upstream)]);
        gateway.Folder.Write("config/apis/open.json", "{");
        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(400);

        foreach (var path in new[] { "/hello", "/ready" })
        {
            var answer = (await gateway.CallAsync(path)).ShouldBe(200);
            Assert.Equal("warn", answer.Text("status"));
            Assert.NotEqual("", answer.Json.GetProperty("details").GetProperty("configuration").GetProperty("output").GetString());
        }
    }
}
