using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Tyk;

/// <summary>A gateway as the documentation page of 2017 has it: its secret, its APIs, its organisation.</summary>
public sealed class SeedGateway : SharedGateway
{
    internal const string Secret = "352d20ee67be67f6340b4c0605b044b7";
    internal const string Api = "25348e8cf157409b52e39357fd9578f1";
    internal const string AuthorizingApi = "528a67c1ac9940964f9a41ae79235fcc";

    private protected override Task<TestGateway> StartAsync() => TestGateway.StartAsync(
        static upstream =>
        [
            Listening(Api, upstream, "/listen-path/"),
            Listening(AuthorizingApi, upstream, "/oauth-test/"),
        ],
        static setup => setup.Secret = Secret);

    private static JsonObject Listening(string id, string upstream, string path) =>
        Definitions.OAuth(id, upstream, "53ac07777cbb8c2d53000002").With("proxy.listen_path", path);

    /// <summary>Registers a client as an earlier call would have.</summary>
    internal async Task RegisterAsync(string api, string id, string redirect, string? secret = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/tyk/oauth/clients/create")
        {
            Content = TestGateway.Json(new JsonObject { ["api_id"] = api, ["client_id"] = id, ["redirect_uri"] = redirect, ["secret"] = secret }.ToJsonString()),
        };
        request.Headers.Add("x-tyk-authorization", Secret);
        (await Gateway.SendAsync(request)).ShouldBe(200);

        // Lists are in the order of creation, which a clock that stands still does not show.
        Gateway.Time.Advance(TimeSpan.FromMilliseconds(1));
    }
}
