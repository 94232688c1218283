using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement;

/// <summary>An API without keys: no credential is read, and no key's limits or state apply (spec d.2, g).</summary>
public sealed class KeylessTests(StandardGateway shared) : IClassFixture<StandardGateway>
{
    private TestGateway Gateway => shared.Gateway;

    [Theory]
    [InlineData("""{"rate":1,"per":60,"quota_max":1,"quota_renewal_rate":60}""")]
    [InlineData("""{"is_inactive":true}""")]
    [InlineData("""{"expires":10}""")]
    [InlineData("""{"access_rights":{"stock":{}}}""")]
    public async Task Key_DoesNotMatter(string rules)
    {
        var key = await Gateway.CreateKeyAsync(Definitions.Session(["open"], rules));

        for (var i = 0; i < 3; i++)
        {
            var answer = (await Gateway.CallAsync("/open/x", key)).ShouldBe(200);
            Assert.Null(answer.Header("RateLimit"));
            Assert.Null(answer.Header("X-RateLimit-Limit"));
        }

        // Nor was anything charged to it.
        var shown = (await Gateway.ManageAsync("GET", "/tyk/keys/" + key)).ShouldBe(200);
        Assert.Equal(shown.Json.GetProperty("quota_max").GetInt64(), shown.Json.GetProperty("quota_remaining").GetInt64());
    }

    [Fact]
    public async Task UnknownCredential_Passes_AndIsForwarded()
    {
        Gateway.Upstream.Requests.Clear();

        (await Gateway.CallAsync("/open/x")).ShouldBe(200);
        (await Gateway.CallAsync("/open/x", "nobody-has-this")).ShouldBe(200);

        Assert.Equal([null, "Bearer nobody-has-this"], Gateway.Upstream.Requests.Select(static request => request.Headers.GetValueOrDefault("Authorization")));
    }

    [Fact]
    public async Task Keyless_WinsOverTheOtherMethods()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream =>
        [
            Definitions.OAuth("one", upstream).With("use_keyless", true),
            Definitions.Keys("two", upstream).With("use_keyless", true),
        ]);

        (await gateway.CallAsync("/one/x")).ShouldBe(200);
        (await gateway.CallAsync("/two/x")).ShouldBe(200);
    }
}
