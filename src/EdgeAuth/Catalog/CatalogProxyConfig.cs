using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace EdgeAuth.Catalog;

/// <summary>A generation as YARP takes it.</summary>
internal sealed class CatalogProxyConfig(CompiledCatalog catalog, string revision) : IProxyConfig, IDisposable
{
    private readonly CancellationTokenSource _replaced = new();

    public string RevisionId => revision;

    public IReadOnlyList<RouteConfig> Routes => catalog.Routes;

    public IReadOnlyList<ClusterConfig> Clusters => catalog.Clusters;

    public IChangeToken ChangeToken => new CancellationChangeToken(_replaced.Token);

    public void Replace() => _replaced.Cancel();

    public void Dispose() => _replaced.Dispose();
}
