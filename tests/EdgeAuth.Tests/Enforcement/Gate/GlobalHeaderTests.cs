using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Gate;

/// <summary>Header fields that a version sets and removes whatever the path (spec g: <c>global_headers</c> and its kin).</summary>
public sealed class GlobalHeaderTests
{
    private const string Fields = """{"global_headers":{"X-Set":"gateway","X-New":"1","Content-Type":"text/x-own","X-Who":"$tyk_meta.name"},"global_headers_remove":["X-Gone"],"global_response_headers":{"X-Answer":"gateway"},"global_response_headers_remove":["X-Secret"]}""";

    [Fact]
    public async Task Request_IsForwarded_WithTheFieldsOfTheVersion()
    {
        await using var gateway = await StartAsync(Fields);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/stock/x") { Content = new StringContent("a") };
        request.Headers.Add("X-Set", ["caller", "twice"]);
        request.Headers.Add("X-Gone", "caller");
        request.Headers.Add("X-Kept", "caller");

        (await gateway.SendAsync(request)).ShouldBe(200);

        var seen = gateway.Upstream.Requests.Single().Headers;
        Assert.Equal(("gateway", "1", "text/x-own", "caller"), (seen["X-Set"], seen["X-New"], seen["Content-Type"], seen["X-Kept"]));
        Assert.DoesNotContain("X-Gone", seen.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain("X-Who", seen.Keys, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Answer_IsPassedOn_WithTheFieldsOfTheVersion()
    {
        await using var gateway = await StartAsync(Fields);
        gateway.Upstream.Answer = static context =>
        {
            context.Response.Headers["X-Answer"] = "upstream";
            context.Response.Headers["X-Secret"] = "upstream";
            context.Response.Headers["X-Kept"] = "upstream";
            return Task.CompletedTask;
        };

        var answer = (await gateway.CallAsync("/stock/x")).ShouldBe(200);

        Assert.Equal(("gateway", null, "upstream"), (answer.Header("X-Answer"), answer.Header("X-Secret"), answer.Header("X-Kept")));
    }

    [Fact]
    public async Task SwitchedOff_NothingIsChanged()
    {
        await using var gateway = await StartAsync(Fields.Replace("{\"global_headers\"", "{\"global_headers_disabled\":true,\"global_response_headers_disabled\":true,\"global_headers\"", StringComparison.Ordinal));

        var answer = (await gateway.CallAsync("/stock/x")).ShouldBe(200);

        Assert.Null(answer.Header("X-Answer"));
        Assert.DoesNotContain("X-New", gateway.Upstream.Requests.Single().Headers.Keys, StringComparer.OrdinalIgnoreCase);
    }

    private static Task<TestGateway> StartAsync(string version) => TestGateway.StartAsync(
        upstream => [Definitions.Keyless("stock", upstream).With("version_data.versions", new JsonObject { ["Default"] = JsonNode.Parse(version) })]);
}
