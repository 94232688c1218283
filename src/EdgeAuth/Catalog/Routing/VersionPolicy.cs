using System.Runtime.CompilerServices;
using EdgeAuth.Catalog.Gate;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Yarp.ReverseProxy.Model;

namespace EdgeAuth.Catalog.Routing;

/// <summary>
/// Of the routes that share a path because each version of an API is an API of its own, leaves the one whose version is asked for. What asks for
/// none of them stays with the API itself, which refuses it.
/// </summary>
internal sealed class VersionPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    private readonly ConditionalWeakTable<RouteModel, VersionRoute> _routes = [];

    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(static endpoint => Find(endpoint) is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i) && Find(candidates[i].Endpoint) is { } model)
            {
                var route = _routes.GetValue(model, static model => VersionRoute.Of(model));
                candidates.SetValidity(i, route.Answers(httpContext.Request));
            }
        }

        return Task.CompletedTask;
    }

    private static RouteModel? Find(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<RouteModel>() is { } model && model.Config.Metadata?.ContainsKey(RouteMetadata.Versions) == true ? model : null;

    private sealed record VersionRoute(VersionApis Apis, string Mount, string? Version)
    {
        public static VersionRoute Of(RouteModel model)
        {
            var metadata = model.Config.Metadata!;
            return new(RouteMetadata.ReadVersions(metadata)!, metadata[RouteMetadata.Strip], metadata.GetValueOrDefault(RouteMetadata.Version));
        }

        public bool Answers(HttpRequest request)
        {
            var path = request.Path.Value ?? "";
            var mountLength = path.StartsWith(Mount, StringComparison.OrdinalIgnoreCase) ? Mount.Length : 0;
            return string.Equals(Apis.Choose(request, mountLength).Version, Version, StringComparison.Ordinal);
        }
    }
}
