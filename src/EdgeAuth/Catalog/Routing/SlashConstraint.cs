using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeAuth.Catalog.Routing;

/// <summary>
/// Lets <c>/path/{**rest}</c> match <c>/path/</c> and what is below it but not <c>/path</c>: routing by itself takes the two for one.
/// </summary>
internal sealed class SlashConstraint : IRouteConstraint
{
    public const string Name = "edgeauthslash";

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values[routeKey] is string { Length: > 0 } || httpContext?.Request.Path.Value?.EndsWith('/') == true;
}
