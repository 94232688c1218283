using System.Text.Json;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Reading;
using Microsoft.Extensions.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace EdgeAuth.Catalog.Routing;

/// <summary>What a definition's <c>yarp</c> block lays over the route and cluster that the definition gives.</summary>
internal sealed record YarpOverlay(RouteConfig? Route, ClusterConfig? Cluster)
{
    private const string Name = "overlay";

    public static YarpOverlay None { get; } = new(null, null);

    public static YarpOverlay Read(YarpBlock? block, string file, ProblemList problems)
    {
        if (block is null)
        {
            return None;
        }

        if (!IsObject(block.Route, "$.yarp.route", file, problems) || !IsObject(block.Cluster, "$.yarp.cluster", file, problems))
        {
            return None;
        }

        var before = problems.ErrorCount;
        CheckOwn(block, file, problems);
        if (problems.ErrorCount > before)
        {
            return None;
        }

        var section = Configuration(block);
        YarpSection.ReportUnknown(section.GetSection("Routes:" + Name), typeof(RouteConfig), file, "$.yarp.route", problems);
        YarpSection.ReportUnknown(section.GetSection("Clusters:" + Name), typeof(ClusterConfig), file, "$.yarp.cluster", problems);
        var (routes, clusters) = YarpSection.Parse(section, file, "$.yarp", problems);
        var route = block.Route is null || routes.Count == 0 ? null : routes[0];
        var cluster = block.Cluster is null || clusters.Count == 0 ? null : clusters[0];
        if (cluster is not null)
        {
            ClusterAffinity.Check(cluster, file, "$.yarp.cluster.SessionAffinity.Policy", problems);
        }

        return new YarpOverlay(route, cluster);
    }

    /// <summary>The definition's route with the overlay's values where it has any; transforms and metadata are added.</summary>
    public RouteConfig Apply(RouteConfig route) => Route is null ? route : route with
    {
        Order = Route.Order ?? route.Order,
        Match = Route.Match is null ? route.Match : route.Match with
        {
            Hosts = Route.Match.Hosts,
            Methods = Route.Match.Methods,
            Headers = Route.Match.Headers,
            QueryParameters = Route.Match.QueryParameters,
        },
        AuthorizationPolicy = Route.AuthorizationPolicy,
        RateLimiterPolicy = Route.RateLimiterPolicy,
        CorsPolicy = Route.CorsPolicy,
        TimeoutPolicy = Route.TimeoutPolicy,
        Timeout = Route.Timeout,
        MaxRequestBodySize = Route.MaxRequestBodySize ?? route.MaxRequestBodySize,
        Transforms = Route.Transforms,
        Metadata = Merge(Route.Metadata, route.Metadata),
    };

    /// <summary>The definition's cluster with the overlay's values where it has any.</summary>
    public ClusterConfig Apply(ClusterConfig cluster) => Cluster is null ? cluster : cluster with
    {
        LoadBalancingPolicy = Cluster.LoadBalancingPolicy ?? cluster.LoadBalancingPolicy,
        SessionAffinity = Cluster.SessionAffinity,
        HealthCheck = Cluster.HealthCheck,
        HttpClient = Cluster.HttpClient ?? cluster.HttpClient,
        HttpRequest = Cluster.HttpRequest ?? cluster.HttpRequest,
        Destinations = Cluster.Destinations is { Count: > 0 } destinations ? destinations : cluster.Destinations,
        Metadata = Merge(Cluster.Metadata, cluster.Metadata),
    };

    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string>? overlay, IReadOnlyDictionary<string, string>? own)
    {
        var merged = new Dictionary<string, string>(overlay ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in own ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            merged[key] = value;
        }

        return merged;
    }

    // What the definition says itself cannot be said again here, or the two could differ.
    private static void CheckOwn(YarpBlock block, string file, ProblemList problems)
    {
        foreach (var (element, path, names) in new[]
        {
            (block.Route, "$.yarp.route", new[] { "RouteId", "ClusterId" }),
            (block.Route is { } route ? Member(route, "Match") : null, "$.yarp.route.Match", ["Path"]),
            (block.Cluster, "$.yarp.cluster", ["ClusterId"]),
        })
        {
            foreach (var name in names)
            {
                if (element is { ValueKind: JsonValueKind.Object } value && Member(value, name) is { } member)
                {
                    problems.Add(ProblemSeverity.Error, file, $"{path}.{name}", member, "is given by the definition itself; remove it");
                }
            }
        }
    }

    private static JsonElement? Member(JsonElement element, string name)
    {
        foreach (var member in element.EnumerateObject())
        {
            if (string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return member.Value;
            }
        }

        return null;
    }

    private static bool IsObject(JsonElement? element, string path, string file, ProblemList problems)
    {
        if (element is null or { ValueKind: JsonValueKind.Object })
        {
            return true;
        }

        problems.Add(ProblemSeverity.Error, file, path, element, "must be an object");
        return false;
    }

    private static IConfigurationRoot Configuration(YarpBlock block)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            WriteSection(writer, "Routes", block.Route);
            WriteSection(writer, "Clusters", block.Cluster);
            writer.WriteEndObject();
        }

        stream.Position = 0;
        return new ConfigurationBuilder().AddJsonStream(stream).Build();
    }

    private static void WriteSection(Utf8JsonWriter writer, string section, JsonElement? content)
    {
        if (content is { } element)
        {
            writer.WriteStartObject(section);
            writer.WritePropertyName(Name);
            element.WriteTo(writer);
            writer.WriteEndObject();
        }
    }
}
