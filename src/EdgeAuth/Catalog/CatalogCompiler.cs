using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Gate;
using EdgeAuth.Catalog.Jwt;
using EdgeAuth.Catalog.Reading;
using EdgeAuth.Catalog.Routing;
using Yarp.ReverseProxy.Configuration;

namespace EdgeAuth.Catalog;

/// <summary>Compiles a source without errors into a generation.</summary>
internal static class CatalogCompiler
{
    public static CompiledCatalog Compile(CatalogSource source, ProblemList problems)
    {
        var hash = Hash(source);
        var catalog = new CompiledCatalog
        {
            Hash = hash,
            Settings = source.Settings,
            Warnings = [.. problems.All],
            Policies = source.Policies.ToFrozenDictionary(static policy => policy.Policy.Id, static policy => policy.Policy, StringComparer.Ordinal),
            GatewayRealm = RealmCompiler.OfGateway(source.Settings),
            ApiDocuments = source.Definitions.ToDictionary(static definition => definition.Definition.ApiId, static definition => definition.Document, StringComparer.Ordinal),
            PolicyDocuments = source.Policies.ToDictionary(static policy => policy.Policy.Id, static policy => policy.Document, StringComparer.Ordinal),
        };
        var strict = source.Settings.Tyk.HttpServerOptions.EnableStrictRoutes;
        var apis = new List<CompiledApi>();
        var routes = new List<RouteConfig>(source.Routes);
        var clusters = new List<ClusterConfig>(source.Clusters);
        var upstreams = new Dictionary<string, (ClusterConfig Cluster, YarpOverlay Overlay)>(StringComparer.Ordinal);
        foreach (var (file, definition, _) in source.Served)
        {
            var overlay = YarpOverlay.Read(definition.Yarp, file, new ProblemList());
            var api = Api(definition, catalog);
            apis.Add(api);
            upstreams.Add(api.Id, (ProxyRoutes.Cluster(definition, overlay, deadlines: api.Versions.HasDeadlines), overlay));
        }

        ApiMounts.FindEnclaves(apis, source.Settings);
        foreach (var api in apis)
        {
            var (cluster, overlay) = upstreams[api.Id];
            routes.AddRange(ProxyRoutes.Routes(api.Definition, cluster, overlay, strict, id => upstreams[id]));
        }

        // An internal API has a cluster only where a route of the generation leads to it.
        var used = routes.Select(static route => route.ClusterId).ToHashSet(StringComparer.Ordinal);
        clusters.AddRange(upstreams.Values.Select(static upstream => upstream.Cluster).Where(cluster => used.Contains(cluster.ClusterId)));
        catalog.Apis = apis.ToFrozenDictionary(static api => api.Id, StringComparer.Ordinal);
        catalog.Routes = routes;
        catalog.Clusters = clusters;
        return catalog;
    }

    private static CompiledApi Api(ApiDefinition definition, CompiledCatalog catalog)
    {
        var settings = catalog.Settings;
        var errors = (definition.Errors.Length > 0 ? definition.Errors : settings.Enforcement.Errors) is "tyk" ? ErrorStyle.Tyk : ErrorStyle.Rfc;
        return new CompiledApi
        {
            Catalog = catalog,
            Definition = definition,
            Id = definition.ApiId,
            OrgId = definition.OrgId,
            Methods = AuthMethods.Compile(definition),
            Jwt = JwtSettings.Compile(definition),
            Stripping = definition.StripAuthData ? AuthMethods.Stripping(definition) : null,
            Errors = errors,
            LimitHeaders = settings.Tyk.RateLimitResponseHeaders is "rate_limits" ? LimitHeaderSource.Rate : LimitHeaderSource.Quota,
            Realm = definition.UseOauth2 || definition.EnableJwt ? RealmCompiler.OfApi(definition, settings, errors) : null,
            Versions = ApiVersions.Compile(definition, settings.Tyk),
            Expiry = Expiry.Parse(definition.Expiration),
            Cors = CorsRules.Compile(definition.Cors),
            Addresses = AddressLists.Compile(definition),
            MinTokenLength = settings.Tyk.MinTokenLength > 0 ? settings.Tyk.MinTokenLength : 3,
            CountsOrganisation = settings.Tyk.EnforceOrgQuotas && definition.OrgId.Length > 0,
            Mounts = [.. ApiMounts.Of(definition)],
        };
    }

    private static string Hash(CatalogSource source)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(ReadOnlySpan<byte> content)
        {
            hash.AppendData(BitConverter.GetBytes(content.Length));
            hash.AppendData(content);
        }

        foreach (var definition in source.Definitions)
        {
            Add(JsonSerializer.SerializeToUtf8Bytes(definition.Document, DefinitionJson.Default.JsonElement));
        }

        foreach (var policy in source.Policies)
        {
            Add(JsonSerializer.SerializeToUtf8Bytes(policy.Policy.Id, HashJson.Default.String));
            Add(JsonSerializer.SerializeToUtf8Bytes(policy.Document, DefinitionJson.Default.JsonElement));
        }

        Add(JsonSerializer.SerializeToUtf8Bytes(source.Settings, HashJson.Default.GatewaySettings));
        Add(JsonSerializer.SerializeToUtf8Bytes(source.Routes, HashJson.Default.IReadOnlyListRouteConfig));
        Add(JsonSerializer.SerializeToUtf8Bytes(source.Clusters, HashJson.Default.IReadOnlyListClusterConfig));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
