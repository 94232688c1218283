using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Gate;

/// <summary>Lists of addresses, and whose address counts (spec d.2 step 3, d.8).</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("rfc")]
    [InlineData("tyk")]
    public async Task Lists_AreEnforced_BeforeTheCredential(string style)
    {
        await using var gateway = await TestGateway.StartAsync(upstream =>
        [
            Definitions.Keys("allowed", upstream).With("errors", style).With("allowed_ips", new[] { "127.0.0.0/8" }),
            Definitions.Keys("elsewhere", upstream).With("errors", style).With("allowed_ips", new[] { "10.0.0.0/8", "::1" }),
            Definitions.Keys("denied", upstream).With("errors", style).With("blacklisted_ips", new[] { "127.0.0.1" }),
            Definitions.Keys("both", upstream).With("errors", style).With("allowed_ips", new[] { "127.0.0.1" }).With("blacklisted_ips", new[] { "127.0.0.1" }),
            Definitions.Keyless("open", upstream).With("errors", style).With("blacklisted_ips", new[] { "127.0.0.1" }),
            Definitions.Keys("off", upstream).With("errors", style).With("blacklisted_ips", new[] { "127.0.0.1" }).With("ip_access_control_disabled", true),
            Definitions.Keys("on", upstream).With("errors", style).With("blacklisted_ips", new[] { "127.0.0.1" }).With("ip_access_control_disabled", true).With("enable_ip_blacklisting", true),
        ]);

        foreach (var api in new[] { "elsewhere", "denied", "both", "open", "on" })
        {
            (await gateway.CallAsync($"/{api}/x")).ShouldBeRefused(style, GateRefusals.IpForbidden);
        }

        (await gateway.CallAsync("/allowed/x")).ShouldBe(401);
        (await gateway.CallAsync("/off/x")).ShouldBe(401);
        Assert.Empty(gateway.Upstream.Requests);
    }

    [Fact]
    public async Task IgnoredPath_IsClosedToAnAddressThatIsDenied()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream =>
            [Definitions.Keys("stock", upstream).With("blacklisted_ips", new[] { "127.0.0.1" }).With("version_data.versions.Default.paths.ignored", new[] { "/free" })]);

        (await gateway.CallAsync("/stock/free")).ShouldBeRefused(403, "ip_forbidden");
    }

    [Theory]
    [InlineData("X-Forwarded-For: 10.0.0.1")]
    [InlineData("X-Real-IP: 10.0.0.1")]
    public async Task ForgedAddress_IsNotBelieved(string header)
    {
        await using var gateway = await StartAsync(trusted: null, depth: null);
        (await CallAsync(gateway, header)).ShouldBeRefused(403, "ip_forbidden");

        await using var other = await StartAsync(trusted: "192.0.2.1", depth: "1");
        (await CallAsync(other, header)).ShouldBeRefused(403, "ip_forbidden");
    }

    [Theory]
    [InlineData(null, "X-Forwarded-For: 10.0.0.1", true)]
    [InlineData(null, "X-Forwarded-For: 10.0.0.1, 192.0.2.7", false)]
    [InlineData(null, "X-Forwarded-For: 192.0.2.7, 10.0.0.1", true)]
    [InlineData(null, "X-Forwarded-For: 192.0.2.7\nX-Real-IP: 10.0.0.1", true)]
    [InlineData(null, "X-Forwarded-For: 10.0.0.1\nX-Real-IP: 192.0.2.7", false)]
    [InlineData(null, "X-Forwarded-For: 10.0.0.1\nX-Real-IP: nobody", true)]
    [InlineData("1", "X-Forwarded-For: 192.0.2.7, 10.0.0.1", true)]
    [InlineData("1", "X-Forwarded-For: 10.0.0.1, 192.0.2.7", false)]
    [InlineData("2", "X-Forwarded-For: 10.0.0.1, 192.0.2.7", true)]
    [InlineData("2", "X-Forwarded-For: 10.0.0.1\nX-Forwarded-For: 192.0.2.7", true)]
    [InlineData("3", "X-Forwarded-For: 10.0.0.1, 192.0.2.7", false)]
    [InlineData("2", "X-Real-IP: 10.0.0.1", true)]
    [InlineData(null, "X-Forwarded-For: ::ffff:10.0.0.1", true)]
    public async Task AddressSaidByATrustedProxy_Counts(string? depth, string headers, bool passes)
    {
        await using var gateway = await StartAsync("127.0.0.1", depth);

        (await CallAsync(gateway, headers)).ShouldBe(passes ? 200 : 403);
    }

    private static async Task<Answer> CallAsync(TestGateway gateway, string headers) => Answer.Of(await RawHttp.SendAsync(gateway.Url, $"GET /stock/x HTTP/1.1\nHost: a\n{headers}"));

    private static Task<TestGateway> StartAsync(string? trusted, string? depth) => TestGateway.StartAsync(
        static upstream => [Definitions.Keyless("stock", upstream).With("allowed_ips", new[] { "10.0.0.0/8" })],
        setup =>
        {
            if (trusted is not null)
            {
                setup.Set("EdgeAuth:TrustedProxies:0", trusted);
            }

            if (depth is not null)
            {
                setup.Set("EdgeAuth:Dialects:Tyk:http_server_options:xff_depth", depth);
            }
        });
}
