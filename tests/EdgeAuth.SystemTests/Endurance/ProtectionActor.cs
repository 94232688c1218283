using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using EdgeAuth.SystemTests.TestHost;

namespace EdgeAuth.SystemTests.Endurance;

/// <summary>What a definition forbids never reaches the upstream, and what it allows does.</summary>
internal sealed class ProtectionActor(Life life, Probes probes) : Actor(life)
{
    private string? _key;

    /// <summary>An API with versions, lists, a mock reply, a size limit and a network that is shut out.</summary>
    public static JsonObject Api(string upstream)
    {
        var definition = Definitions.Keys("guarded", upstream);
        definition["definition"] = JsonNode.Parse("""{"location":"header","key":"X-Version"}""");
        definition["version_data"] = JsonNode.Parse("""
            {"not_versioned":false,"default_version":"v1","versions":{
              "v1":{"name":"v1","use_extended_paths":true,"global_size_limit":100,"extended_paths":{
                "ignored":[{"path":"/open$"}],"black_list":[{"path":"/closed"}],"mock_response":[{"path":"/mock$","method":"GET","code":203,"body":"mock"}]}},
              "v0":{"name":"v0","expires":"2001-01-01 00:00"}}}
            """);
        definition["blacklisted_ips"] = new JsonArray("192.0.2.0/24");
        definition["enable_ip_blacklisting"] = true;
        return definition;
    }

    protected override async Task StepAsync()
    {
        _key ??= await CreateKeyAsync("""{"access_rights":{"guarded":{"versions":["v1"]}}}""");
        await ExpectAsync("/guarded/x", _key, "v1", 200, arrives: true);
        await ExpectAsync("/guarded/open", key: null, "", 200, arrives: true);
        await ExpectAsync("/guarded/x", key: null, "v1", 401, arrives: false);
        await ExpectAsync("/guarded/closed", _key, "v1", 403, arrives: false);
        await ExpectAsync("/guarded/x%2f..%2fclosed", _key, "v1", 403, arrives: false);
        await ExpectAsync("/guarded/x", _key, "v0", 403, arrives: false);
        await ExpectAsync("/guarded/x", _key, "v9", 403, arrives: false);
        await ExpectAsync("/guarded/mock", _key, "v1", 203, arrives: false);
        await ExpectAsync("/guarded/x", _key, "v1", 413, arrives: false, new string('x', 200));
    }

    private async Task ExpectAsync(string path, string? key, string version, int expected, bool arrives, string? body = null)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path) { Content = body is null ? null : new StringContent(body) };
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        request.Headers.TryAddWithoutValidation("X-Version", version);
        var probe = probes.Add(request);
        var (status, text) = await Gateway.SendAsync(request);
        Assert.True(status == expected, $"expected {expected} from {path} in {version}, got {status}: {text}");
        Assert.True(probes.TryTake(probe, out _) == arrives, $"{path} in {version}: {(arrives ? "did not reach" : "reached")} the upstream");
    }
}
