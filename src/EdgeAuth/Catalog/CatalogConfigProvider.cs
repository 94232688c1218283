using Yarp.ReverseProxy.Configuration;

namespace EdgeAuth.Catalog;

/// <summary>Hands the routes and clusters of the generation to YARP; reads the first one when YARP asks before the host did.</summary>
internal sealed class CatalogConfigProvider(CatalogLoader loader) : IProxyConfigProvider, IDisposable
{
    private readonly Lock _gate = new();
    private CatalogProxyConfig? _config;
    private long _revision;

    public IProxyConfig GetConfig()
    {
        lock (_gate)
        {
            return _config ??= new CatalogProxyConfig(loader.EnsureLoaded(), NextRevision());
        }
    }

    /// <summary>Offers a generation to YARP, which takes it up in the background. Returns the revision its listener will name.</summary>
    public string Publish(CompiledCatalog catalog, Action<string> beforeSignal)
    {
        CatalogProxyConfig? replaced;
        string revision;
        lock (_gate)
        {
            replaced = _config;
            revision = NextRevision();
            _config = new CatalogProxyConfig(catalog, revision);
        }

        beforeSignal(revision);
        replaced?.Replace();
        return revision;
    }

    public void Dispose() => _config?.Dispose();

    private string NextRevision() => $"edgeauth-{++_revision}";
}
