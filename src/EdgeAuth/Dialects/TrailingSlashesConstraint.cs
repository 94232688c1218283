using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeAuth.Dialects;

/// <summary>Matches the slashes that end a path, however many: they are not part of it (spec/tyk.md a.1). Routing by itself takes off one.</summary>
internal sealed class TrailingSlashesConstraint : IRouteConstraint
{
    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values[routeKey] is not string rest || rest.All(static letter => letter == '/');
}
