using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Enforcement.Gate;

/// <summary>How large a request may be (spec d.2 step 5, j.8).</summary>
public sealed class SizeLimitTests
{
    private const string PerPath = """{"use_extended_paths":true,"extended_paths":{"size_limits":[{"path":"/small","method":"POST","size_limit":4},{"path":"/off","method":"POST","size_limit":4,"disabled":true},{"path":"/none","method":"POST","size_limit":0}]}}""";

    [Theory]
    [InlineData("rfc")]
    [InlineData("tyk")]
    public async Task LargerBody_IsRefused_BeforeTheCredential(string style)
    {
        await using var gateway = await StartAsync(style, """{"global_size_limit":10}""");
        var key = await gateway.CreateKeyAsync(Definitions.Session(["stock"]));

        (await SendAsync(gateway, "/stock/x", new string('a', 11))).ShouldBeRefused(style, GateRefusals.TooLarge);
        (await SendAsync(gateway, "/stock/x", "a", length: false)).ShouldBeRefused(style, GateRefusals.LengthRequired);
        (await SendAsync(gateway, "/stock/x", new string('a', 10))).ShouldBe(401);
        (await SendAsync(gateway, "/stock/x", new string('a', 10), key: key)).ShouldBe(200);
        (await SendAsync(gateway, "/stock/x", "", key: key)).ShouldBe(200);
        (await gateway.CallAsync("/stock/x", key)).ShouldBe(200);
    }

    [Theory]
    [InlineData(PerPath, "POST", "/stock/small", 4, 200)]
    [InlineData(PerPath, "POST", "/stock/small", 5, 413)]
    [InlineData(PerPath, "PUT", "/stock/small", 5, 200)]
    [InlineData(PerPath, "POST", "/stock/large", 5, 200)]
    [InlineData(PerPath, "POST", "/stock/off", 5, 200)]
    [InlineData(PerPath, "POST", "/stock/none", 5, 200)]
    [InlineData(PerPath, "POST", "/stock/x/..%2fsmall", 5, 413)]
    [InlineData("""{"global_size_limit":8,"use_extended_paths":true,"extended_paths":{"size_limits":[{"path":"/small","method":"POST","size_limit":4},{"path":"/large","method":"POST","size_limit":20}]}}""", "POST", "/stock/small", 5, 413)]
    [InlineData("""{"global_size_limit":8,"use_extended_paths":true,"extended_paths":{"size_limits":[{"path":"/small","method":"POST","size_limit":4},{"path":"/large","method":"POST","size_limit":20}]}}""", "POST", "/stock/large", 9, 413)]
    public async Task SmallestLimitOfPathAndMethod_Counts(string version, string method, string path, int size, int status)
    {
        await using var gateway = await StartAsync("rfc", version);
        var key = await gateway.CreateKeyAsync(Definitions.Session(["stock"]));

        var answer = Answer.Of(await RawHttp.SendAsync(gateway.Url, $"{method} {path} HTTP/1.1\nHost: a\nAuthorization: {key}\n\n{new string('a', size)}"));

        answer.ShouldBe(status);
    }

    [Fact]
    public async Task BodyWithoutLength_Passes_WhereNoLimitApplies()
    {
        await using var gateway = await StartAsync("rfc", PerPath);
        var key = await gateway.CreateKeyAsync(Definitions.Session(["stock"]));

        (await SendAsync(gateway, "/stock/large", "aaaaaaaa", length: false, key: key)).ShouldBe(200);
        (await SendAsync(gateway, "/stock/small", "a", length: false, key: key)).ShouldBeRefused(411, "length_required");
    }

    [Fact]
    public async Task RefusedBody_IsChargedToNothing_AndNotForwarded()
    {
        await using var gateway = await StartAsync("rfc", """{"global_size_limit":10}""");
        var key = await gateway.CreateKeyAsync(Definitions.Session(["stock"], """{"rate":1,"per":60}"""));

        (await SendAsync(gateway, "/stock/x", new string('a', 11), key: key)).ShouldBeRefused(413, "too_large");
        (await SendAsync(gateway, "/stock/x", "a", length: false, key: key)).ShouldBeRefused(411, "length_required");

        Assert.Empty(gateway.Upstream.Requests);
        (await SendAsync(gateway, "/stock/x", "a", key: key)).ShouldBe(200);
    }

    [Fact]
    public async Task BodyThatIsLongerThanItSays_EndsWhereItSaid()
    {
        await using var gateway = await StartAsync("rfc", """{"global_size_limit":10}""");
        var key = await gateway.CreateKeyAsync(Definitions.Session(["stock"]));
        var received = new TaskCompletionSource<long>();
        gateway.Upstream.Answer = async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.TrySetResult(body.Length);
        };

        await RawHttp.SendAsync(gateway.Url, $"POST /stock/x HTTP/1.1\nHost: a\nAuthorization: {key}\nContent-Length: 10\n\n{new string('a', 50)}");

        Assert.Equal(10, await received.Task);
        Assert.Single(gateway.Upstream.Requests);
    }

    private static Task<TestGateway> StartAsync(string style, string version) => TestGateway.StartAsync(
        upstream => [Definitions.Keys("stock", upstream).With("errors", style).With("version_data.versions", new JsonObject { ["Default"] = JsonNode.Parse(version) })]);

    private static async Task<Answer> SendAsync(TestGateway gateway, string path, string body, bool length = true, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        request.Headers.TransferEncodingChunked = !length;
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return await gateway.SendAsync(request);
    }
}
