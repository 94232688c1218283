using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Gate;
using EdgeAuth.Catalog.Routing;
using EdgeAuth.Limits;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace EdgeAuth.Enforcement;

/// <summary>
/// Finds a route's API once, when YARP builds the route, and puts the enforcement in front of every other transform. What enforces is resolved
/// only then: a check of the configuration builds no route and must not open the store.
/// </summary>
internal sealed class EnforcementTransformProvider(CatalogHolder catalogs) : ITransformProvider
{
    private static readonly ManagementSecretTransform ManagementSecret = new();
    private static readonly LimitFieldsTransform DropLimitFields = new();
    private static readonly VersionHeadersTransform VersionHeaders = new();

    public void ValidateRoute(TransformRouteValidationContext context)
    {
        if (context.Route.Metadata?.TryGetValue(RouteMetadata.Api, out var id) == true && catalogs.Checked is { } generation && !generation.Apis.ContainsKey(id) && !IsOwn(context.Route.RouteId))
        {
            context.Errors.Add(new InvalidOperationException($"Route {context.Route.RouteId}: no definition has the api_id \"{id}\" that its metadata {RouteMetadata.Api} names."));
        }
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    public void Apply(TransformBuilderContext context)
    {
        context.RequestTransforms.Add(ManagementSecret);
        if (context.Route.Metadata?.TryGetValue(RouteMetadata.Api, out var id) != true || id is null)
        {
            return;
        }

        var api = catalogs.Applying.Apis[id];
        var mount = context.Route.Metadata.GetValueOrDefault(RouteMetadata.Strip) ?? "";
        var services = context.Services;
        var traffic = services.GetRequiredService<EnforcementMetrics>().For(api.Id);
        var versions = RouteMetadata.ReadVersions(context.Route.Metadata);
        var scope = !IsOwn(context.Route.RouteId) ? RouteScope.OfPattern(context.Route.Match.Path)
            : context.Route.Metadata.GetValueOrDefault(RouteMetadata.VersionOf) is not { } parent ? new RouteScope(mount)
            : new RouteScope(mount) { Versions = versions, Enclaves = catalogs.Applying.Apis[parent].Enclaves };
        traffic.Health = services.GetRequiredService<HealthBook>().For(api);
        context.RequestTransforms.Insert(0, new EnforcementTransform(
            api,
            scope,
            services.GetRequiredService<Enforcer>(),
            services.GetRequiredService<DecisionWriter>(),
            traffic,
            services.GetRequiredService<ILogger<EnforcementTransform>>()));
        if (IsOwn(context.Route.RouteId))
        {
            if (api.Definition.Proxy.StripListenPath)
            {
                context.RequestTransforms.Insert(1, new ListenPathTransform(mount, api.Definition.Proxy.DisableStripSlash));
            }

            var versionPlace = (versions?.Lookup ?? api.Versions.Lookup) is { Strips: true, Place: VersionPlace.Path };
            context.RequestTransforms.Add(new EncodedTargetTransform(mount, api.Definition.Proxy.StripListenPath, stripsVersion: versionPlace));
            if (api.Definition.Proxy.PreserveHostHeader)
            {
                context.AddOriginalHost(useOriginal: true);
            }
        }

        if (traffic.Health is { } health)
        {
            context.RequestTransforms.Add(new UpstreamLatency.Begin(services.GetRequiredService<TimeProvider>()));
            context.ResponseTransforms.Insert(0, new UpstreamLatency.End(health));
        }

        if (LimitFields.MayWrite(api))
        {
            context.ResponseTransforms.Add(DropLimitFields);
        }

        if (api.Versions.ChangesAnswers)
        {
            context.ResponseTransforms.Add(VersionHeaders);
        }

        context.ResponseTransforms.Add(new UpstreamErrorTransform(api, traffic));
    }

    // Routes made from definitions, as opposed to those of a ReverseProxy section.
    private static bool IsOwn(string routeId) => routeId.StartsWith("api:", StringComparison.Ordinal);
}
