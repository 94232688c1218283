using EdgeAuth.Catalog;
using Yarp.ReverseProxy.Transforms;

namespace EdgeAuth.Enforcement;

/// <summary>Takes credentials off the request that is forwarded (spec/tyk.md d.3, <c>strip_auth_data</c>).</summary>
internal static class CredentialStripper
{
    public static void Strip(RequestTransformContext context, CredentialStripping stripping)
    {
        foreach (var header in stripping.Headers)
        {
            context.ProxyRequest.Headers.Remove(header);
        }

        foreach (var query in stripping.Queries)
        {
            context.Query.Collection.Remove(query);
        }

        foreach (var cookie in stripping.Cookies)
        {
            StripCookie(context, cookie);
        }
    }

    // Every pair of exactly this name goes, the others stay as they were sent.
    private static void StripCookie(RequestTransformContext context, string name)
    {
        if (!context.ProxyRequest.Headers.NonValidated.TryGetValues("Cookie", out var values))
        {
            return;
        }

        var kept = values
            .SelectMany(static value => value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(pair => !string.Equals(pair.Split('=', 2)[0].Trim(), name, StringComparison.Ordinal))
            .ToList();
        context.ProxyRequest.Headers.Remove("Cookie");
        if (kept.Count > 0)
        {
            context.ProxyRequest.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", kept));
        }
    }
}
