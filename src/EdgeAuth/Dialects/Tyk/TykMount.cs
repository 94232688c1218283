using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Settings;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>Serves the dialect where it is mounted.</summary>
internal sealed class TykMount(CatalogHolder catalogs, TykGuard guard)
{
    private readonly TykSettings _settings = catalogs.Current.Settings.Tyk;
    private readonly DialectMount _mount = new(catalogs.Current.Settings.Tyk.Host, catalogs.Current.Settings.Tyk.Port, catalogs.Current.Settings.ManagementPort);

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

    public Task RunAsync(HttpContext context, Func<HttpContext, Task> handler) => _mount.Is(context) ? guard.RunAsync(context, handler) : DialectMount.ElsewhereAsync(context);

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
}
