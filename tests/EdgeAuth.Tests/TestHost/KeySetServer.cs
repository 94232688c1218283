using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Tests.TestHost;

/// <summary>A real server that publishes a JWKS, and counts how often it is asked.</summary>
internal sealed class KeySetServer : IAsyncDisposable
{
    private readonly Upstream _server;

    private KeySetServer(Upstream server) => _server = server;

    public string Url => _server.Url + "/jwks.json";

    public int Asked => _server.Requests.Count;

    /// <summary>Answers with status 500 while set.</summary>
    public bool IsDown { get; set; }

    public string Document { get; set; } = """{"keys":[]}""";

    /// <summary>Waited for before an answer.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public static async Task<KeySetServer> StartAsync(params TokenSigner[] keys)
    {
        var server = new KeySetServer(await Upstream.StartAsync());
        server._server.Answer = async context =>
        {
            await server.Gate;
            context.Response.StatusCode = server.IsDown ? 500 : 200;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(server.Document);
        };
        server.Publish(keys);
        return server;
    }

    public void Publish(params TokenSigner[] keys) =>
        Document = new JsonObject { ["keys"] = new JsonArray([.. keys.Select(static key => (JsonNode)key.Jwk())]) }.ToJsonString();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
