using EdgeAuth.Catalog.Gate;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Transforms;

namespace EdgeAuth.Enforcement;

/// <summary>Changes the header fields of the upstream's answer as the request's version says.</summary>
internal sealed class VersionHeadersTransform : ResponseTransform
{
    private static readonly object Key = new();

    /// <summary>Remembers what is to be changed when the answer comes.</summary>
    public static void Prepare(HttpContext context, HeaderChanges changes) => context.Items[Key] = changes;

    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is not null && context.HttpContext.Items.TryGetValue(Key, out var value) && value is HeaderChanges changes)
        {
            var headers = context.HttpContext.Response.Headers;
            foreach (var name in changes.Removed)
            {
                headers.Remove(name);
            }

            foreach (var (name, text) in changes.Set)
            {
                headers[name] = text;
            }
        }

        return ValueTask.CompletedTask;
    }
}
