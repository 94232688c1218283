using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Rules;

namespace EdgeAuth.Gateway.Hosting;

/// <summary>Keeps traffic off management's port: only management and health answer there.</summary>
internal sealed class ManagementPortMiddleware(RequestDelegate next, CatalogHolder catalogs, int port)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Connection.LocalPort != port || ReservedPaths.Of(catalogs.Current.Settings).Any(path => ReservedPaths.IsInside(context.Request.Path.Value ?? "", path)))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
