using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Embedding;

/// <summary>The settings of a program with a proxy of its own, as it writes them.</summary>
internal static class OwnProxy
{
    /// <summary>A route of the program's own; enforced when it names an API.</summary>
    public static JsonObject Route(string path, string? api = null, string cluster = "own", string? more = null)
    {
        var route = more is null ? [] : JsonNode.Parse(more)!.AsObject();
        route["ClusterId"] = cluster;
        route["Match"] = new JsonObject { ["Path"] = path };
        if (api is not null)
        {
            route["Metadata"] = new JsonObject { ["EdgeAuth.Api"] = api };
        }

        return route;
    }

    /// <summary>Routes to one upstream.</summary>
    public static JsonObject Settings(string upstream, params (string Id, JsonObject Route)[] routes)
    {
        var settings = new JsonObject
        {
            ["ReverseProxy"] = new JsonObject
            {
                ["Routes"] = new JsonObject(routes.Select(static route => KeyValuePair.Create(route.Id, (JsonNode?)route.Route))),
                ["Clusters"] = new JsonObject { ["own"] = new JsonObject { ["Destinations"] = new JsonObject { ["one"] = new JsonObject { ["Address"] = upstream } } } },
            },
        };
        return settings;
    }

    /// <summary>One enforced route and one that is not.</summary>
    public static JsonObject Standard(string upstream) => Settings(upstream, ("guarded", Route("/v2/orders/{**rest}", "orders")), ("free", Route("/free/{**rest}")));

    /// <summary>An API that exists for routes of the program's own only.</summary>
    public static JsonObject Internal(string id = "orders") => Definitions.OAuth(id, "").With("internal", true).With("proxy", new { });

    public static IEnumerable<JsonObject> InternalOnly(string upstream) => [Internal()];
}
