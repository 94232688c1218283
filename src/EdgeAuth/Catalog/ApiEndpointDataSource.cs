using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Primitives;

namespace EdgeAuth.Catalog;

/// <summary>The endpoints below the mounts of the APIs in force, built anew with every generation.</summary>
internal sealed class ApiEndpointDataSource : EndpointDataSource, IDisposable
{
    private readonly CatalogHolder _catalogs;
    private readonly ApiEndpoint[] _kinds;
    private readonly Lock _gate = new();
    private CancellationTokenSource _changed = new();
    private IReadOnlyList<Endpoint> _endpoints;

    public ApiEndpointDataSource(CatalogHolder catalogs, IEnumerable<ApiEndpoint> kinds)
    {
        (_catalogs, _kinds) = (catalogs, [.. kinds]);
        _endpoints = Build();
        catalogs.Changed += OnChanged;
    }

    public override IReadOnlyList<Endpoint> Endpoints
    {
        get
        {
            lock (_gate)
            {
                return _endpoints;
            }
        }
    }

    public override IChangeToken GetChangeToken()
    {
        lock (_gate)
        {
            return new CancellationChangeToken(_changed.Token);
        }
    }

    public void Dispose()
    {
        _catalogs.Changed -= OnChanged;
        _changed.Dispose();
    }

    private void OnChanged(object? sender, EventArgs e)
    {
        CancellationTokenSource replaced;
        lock (_gate)
        {
            _endpoints = Build();
            (replaced, _changed) = (_changed, new CancellationTokenSource());
        }

        replaced.Cancel();
        replaced.Dispose();
    }

    private List<Endpoint> Build()
    {
        var endpoints = new List<Endpoint>();
        if (!_catalogs.IsLoaded)
        {
            return endpoints;
        }

        foreach (var api in _catalogs.Current.Apis.Values)
        {
            foreach (var kind in _kinds.Where(kind => kind.Serves(api)))
            {
                foreach (var mount in api.Mounts)
                {
                    var builder = new RouteEndpointBuilder(context => kind.Handle(context, api), RoutePatternFactory.Parse(mount + kind.Suffix), EndpointOrder.BelowApi)
                    {
                        DisplayName = $"API {api.Id}: {kind.Suffix}",
                    };
                    foreach (var operation in kind.Operations)
                    {
                        builder.Metadata.Add(operation with { Group = "API " + api.Id });
                    }

                    endpoints.Add(builder.Build());
                }
            }
        }

        return endpoints;
    }
}
