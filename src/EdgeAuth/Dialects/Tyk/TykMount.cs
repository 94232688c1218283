using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Settings;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>Where the dialect answers: on its host and port, where it has any, and on management's port where management has one.</summary>
internal sealed class TykMount(CatalogHolder catalogs, TykGuard guard)
{
    private readonly TykSettings _settings = catalogs.Current.Settings.Tyk;
    private readonly int? _port = catalogs.Current.Settings.Tyk.Port ?? catalogs.Current.Settings.ManagementPort;

    /// <summary>The dialect is served; a change needs a restart.</summary>
    public bool Enabled => _settings.Enabled;

    public Task RunAsync(HttpContext context, IReadOnlyDictionary<string, Func<HttpContext, Task>> methods) => RunAsync(context, guarded =>
    {
        // HEAD is answered as GET would be; the server keeps the body back.
        var method = HttpMethods.IsHead(guarded.Request.Method) ? HttpMethods.Get : guarded.Request.Method;
        if (methods.TryGetValue(method, out var handler))
        {
            return handler(guarded);
        }

        guarded.Response.Headers.Allow = string.Join(", ", methods.Keys);
        return TykAnswer.ErrorAsync(guarded, StatusCodes.Status405MethodNotAllowed, "Method not supported");
    });

    public Task RunAsync(HttpContext context, Func<HttpContext, Task> handler)
    {
        // The Host field can be forged, the port a connection came in on cannot.
        var elsewhere = (_port is { } port && context.Connection.LocalPort != port)
            || (_settings.Host is { Length: > 0 } host && !string.Equals(context.Request.Host.Host, host, StringComparison.OrdinalIgnoreCase));
        return elsewhere ? ElsewhereAsync(context) : guard.RunAsync(context, handler);
    }

    public static Task NotFoundAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path.Contains("//", StringComparison.Ordinal))
        {
            // Doubled slashes lead to the clean path, as in Tyk (spec/tyk.md a.1).
            context.Response.StatusCode = StatusCodes.Status301MovedPermanently;
            context.Response.Headers.Location = new PathString(string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries).Prepend(""))).ToUriComponent() + context.Request.QueryString.ToUriComponent();
            return Task.CompletedTask;
        }

        return TykAnswer.ErrorAsync(context, StatusCodes.Status404NotFound, "Not found");
    }

    /// <summary>The answer where the dialect is not served.</summary>
    public static Task ElsewhereAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
