using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Settings;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>Serves the dialect where it is mounted.</summary>
internal sealed class AuthleteMount(CatalogHolder catalogs, AuthleteGuard guard)
{
    private readonly AuthleteSettings _settings = catalogs.Current.Settings.Authlete;
    private readonly DialectMount _mount = new(catalogs.Current.Settings.Authlete.Host, catalogs.Current.Settings.Authlete.Port, catalogs.Current.Settings.ManagementPort);

    /// <summary>The dialect is served; a change needs a restart.</summary>
    public bool Enabled => _settings.Enabled;

    public Task RunAsync(HttpContext context, IReadOnlyDictionary<string, Func<AuthleteCall, Task>> methods) => RunAsync(context, call =>
    {
        // HEAD is answered as GET would be; the server keeps the body back.
        var method = HttpMethods.IsHead(call.Context.Request.Method) ? HttpMethods.Get : call.Context.Request.Method;
        if (methods.TryGetValue(method, out var handler))
        {
            return handler(call);
        }

        call.Context.Response.Headers.Allow = string.Join(", ", methods.ContainsKey(HttpMethods.Get) ? methods.Keys.Append(HttpMethods.Head) : methods.Keys);
        return AuthleteAnswer.RefuseAsync(call.Context, AuthleteRefusals.MethodWrong);
    });

    public Task NotFoundAsync(HttpContext context) => RunAsync(context, static call => AuthleteAnswer.RefuseAsync(call.Context, AuthleteRefusals.NotFound));

    private Task RunAsync(HttpContext context, Func<AuthleteCall, Task> handler) => _mount.Is(context) ? guard.RunAsync(context, handler) : DialectMount.ElsewhereAsync(context);
}
