using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Primitives;

namespace EdgeAuth.Catalog;

/// <summary>
/// The endpoints below the mounts of the APIs in force. They find their API when they are called, so that a generation with the same ones in the same
/// places leaves them as they are: to match paths anew takes long where there are many.
/// </summary>
internal sealed class ApiEndpointDataSource : EndpointDataSource, IDisposable
{
    private readonly CatalogHolder _catalogs;
    private readonly ApiEndpoint[] _kinds;
    private readonly Lock _gate = new();
    private CancellationTokenSource _changed = new();
    private Place[] _places;
    private IReadOnlyList<Endpoint> _endpoints;

    public ApiEndpointDataSource(CatalogHolder catalogs, IEnumerable<ApiEndpoint> kinds)
    {
        (_catalogs, _kinds) = (catalogs, [.. kinds]);
        _places = FindPlaces();
        _endpoints = [.. _places.Select(Build)];
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
            var places = FindPlaces();
            if (places.AsSpan().SequenceEqual(_places))
            {
                return;
            }

            (_places, _endpoints) = (places, [.. places.Select(Build)]);
            (replaced, _changed) = (_changed, new CancellationTokenSource());
        }

        replaced.Cancel();
        replaced.Dispose();
    }

    private Place[] FindPlaces() => !_catalogs.IsLoaded ? [] :
    [
        .. from api in _catalogs.Current.Apis.Values.OrderBy(static api => api.Id, StringComparer.Ordinal)
        from kind in _kinds
        where kind.Serves(api)
        from mount in api.Mounts
        select new Place(kind, api.Id, mount),
    ];

    private Endpoint Build(Place place)
    {
        var (kind, id, mount) = place;
        var builder = new RouteEndpointBuilder(context => HandleAsync(context, kind, id), RoutePatternFactory.Parse(mount + kind.Suffix), EndpointOrder.BelowApi)
        {
            DisplayName = $"API {id}: {kind.Suffix}",
        };
        foreach (var operation in kind.Operations)
        {
            builder.Metadata.Add(operation with { Group = "API " + id });
        }

        return builder.Build();
    }

    // Between a change of generation and that of the endpoints an API may be gone, or take no such calls any more.
    private Task HandleAsync(HttpContext context, ApiEndpoint kind, string id)
    {
        if (_catalogs.Current.Apis.TryGetValue(id, out var api) && kind.Serves(api))
        {
            return kind.Handle(context, api);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private readonly record struct Place(ApiEndpoint Kind, string ApiId, string Mount);
}
