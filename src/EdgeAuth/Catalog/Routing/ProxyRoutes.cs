using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeAuth.Catalog.Definitions;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.LoadBalancing;

namespace EdgeAuth.Catalog.Routing;

/// <summary>Turns a definition into YARP routes and a cluster (spec/tyk.md d.1).</summary>
internal static class ProxyRoutes
{
    /// <summary>
    /// The routes of an API with those of its versions that are APIs of their own, which match the same paths: <see cref="VersionPolicy"/> tells
    /// them apart.
    /// </summary>
    /// <param name="definition">The API.</param>
    /// <param name="cluster">Its cluster.</param>
    /// <param name="overlay">Its <c>yarp</c> block.</param>
    /// <param name="strict">Listen paths match whole segments.</param>
    /// <param name="find">The API of a version, by its id.</param>
    public static IEnumerable<RouteConfig> Routes(
        ApiDefinition definition, ClusterConfig cluster, YarpOverlay overlay, bool strict, Func<string, (ClusterConfig Cluster, YarpOverlay Overlay)> find)
    {
        var source = definition.Definition;
        foreach (var route in Routes(definition, cluster, overlay, strict))
        {
            if (!source.Enabled)
            {
                yield return route;
                continue;
            }

            var versions = JsonSerializer.Serialize(source, DefinitionJson.Default.VersionSource);
            yield return route with { Metadata = With(route.Metadata!, (RouteMetadata.Versions, versions)) };
            foreach (var (name, api) in source.Versions ?? new Dictionary<string, string>(StringComparer.Ordinal))
            {
                var (target, block) = find(api);
                var own = block.Apply(route with
                {
                    RouteId = $"{route.RouteId}:version:{name}",
                    ClusterId = target.ClusterId,
                    Metadata = With(route.Metadata!, (RouteMetadata.Versions, versions), (RouteMetadata.Version, name), (RouteMetadata.VersionOf, definition.ApiId), (RouteMetadata.Api, api)),
                });
                yield return own with { Match = route.Match, Order = route.Order };
            }
        }
    }

    /// <summary>The routes of an API: its listen path and <c>/{api_id}/</c>. An internal API has none.</summary>
    private static IEnumerable<RouteConfig> Routes(ApiDefinition definition, ClusterConfig cluster, YarpOverlay overlay, bool strict)
    {
        if (definition.Internal)
        {
            yield break;
        }

        var first = true;
        foreach (var mount in ApiMounts.Of(definition))
        {
            // Without its slash, a listen path that ends in one is not matched; nor is /{api_id}.
            var needsSlash = mount.Length > 0 && (!first || definition.Proxy.ListenPath.EndsWith('/'));
            var rest = needsSlash ? $"/{{**rest:{SlashConstraint.Name}}}" : "/{**rest}";
            var id = first ? definition.ApiId : definition.ApiId + ":by-id";
            yield return Route(id, mount + rest, mount);
            if (first && !strict && !needsSlash && mount.Length > 0)
            {
                yield return Route(definition.ApiId + ":prefix", mount + "{tail}/{**rest}", mount);
            }

            first = false;
        }

        RouteConfig Route(string id, string path, string mount) => overlay.Apply(new RouteConfig
        {
            RouteId = "api:" + id,
            ClusterId = cluster.ClusterId,
            Match = new RouteMatch { Path = path },
            Order = strict ? null : LongestFirst(mount),

            // The server's own limit is for what it serves itself; a body that is passed on is the upstream's to judge.
            MaxRequestBodySize = -1,
            Metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                [RouteMetadata.Api] = definition.ApiId,
                [RouteMetadata.Strip] = mount,
            },
        });
    }

    /// <summary>
    /// The cluster of an API. Its id carries a hash of its content: YARP changes a cluster in place just before it changes the routes, and
    /// requests of the old routes must not meet the new upstream.
    /// </summary>
    public static ClusterConfig Cluster(ApiDefinition definition, YarpOverlay overlay, bool deadlines)
    {
        var cluster = overlay.Apply(new ClusterConfig
        {
            ClusterId = "api:" + definition.ApiId,
            LoadBalancingPolicy = definition.Proxy.EnableLoadBalancing ? LoadBalancingPolicies.RoundRobin : null,
            Destinations = Destinations(definition),
            HttpClient = Client(definition.Proxy.Transport),
            Metadata = deadlines ? new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { [RouteMetadata.Deadlines] = "true" } : null,
        });

        // As the server reads them; with the platform's ASCII a field of a caller's that is not would be the upstream's failure.
        var client = cluster.HttpClient ?? HttpClientConfig.Empty;
        cluster = cluster with { HttpClient = client with { RequestHeaderEncoding = client.RequestHeaderEncoding ?? Encoding.UTF8.WebName } };
        var content = JsonSerializer.Serialize(cluster, HashJson.Default.ClusterConfig);
        return cluster with { ClusterId = $"{cluster.ClusterId}:{Hash(content)}" };
    }

    private static Dictionary<string, DestinationConfig> Destinations(ApiDefinition definition)
    {
        var addresses = definition.Proxy.EnableLoadBalancing ? definition.Proxy.TargetList
            : definition.Proxy.TargetUrl.Length > 0 ? [definition.Proxy.TargetUrl]
            : [];

        // A repeated address is a destination of its own, and so gets a share for each time it is named.
        return addresses.Select(static (address, index) => (address, index)).ToDictionary(
            static pair => $"target{pair.index}",
            static pair => new DestinationConfig { Address = pair.address },
            StringComparer.OrdinalIgnoreCase);
    }

    private static HttpClientConfig? Client(TransportSettings transport) =>
        !transport.SslInsecureSkipVerify && transport.ProxyUrl.Length == 0 ? null : new HttpClientConfig
        {
            DangerousAcceptAnyServerCertificate = transport.SslInsecureSkipVerify,
            WebProxy = transport.ProxyUrl.Length > 0 && Uri.TryCreate(transport.ProxyUrl, UriKind.Absolute, out var proxy) ? new WebProxyConfig { Address = proxy } : null,
        };

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string> metadata, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var all = new Dictionary<string, string>(metadata, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in more)
        {
            all[name] = value;
        }

        return all;
    }

    private static int LongestFirst(string mount) => 10_000 - mount.Length;

    private static string Hash(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 8));
}
