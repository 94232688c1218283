using EdgeAuth.Catalog;
using Microsoft.AspNetCore.Http;
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

        if (stripping.Queries.Count > 0)
        {
            StripQuery(context, stripping.Queries);
        }

        foreach (var cookie in stripping.Cookies)
        {
            StripCookie(context, cookie);
        }
    }

    // On the text: the parsed query would be written anew, and what is not stripped must stay as it was sent.
    /// <summary>Takes parameters off the query.</summary>
    public static void StripQuery(RequestTransformContext context, IReadOnlyList<string> names)
    {
        var sent = context.Query.QueryString.Value ?? "";
        var pairs = sent.TrimStart('?').Split('&');
        var kept = Array.FindAll(pairs, pair => !names.Contains(DecodeName(pair), StringComparer.Ordinal));
        if (kept.Length < pairs.Length)
        {
            var rest = new DefaultHttpContext().Request;
            rest.QueryString = kept.Length > 0 ? new QueryString("?" + string.Join('&', kept)) : default;
            context.Query = new QueryTransformContext(rest);
        }
    }

    private static string DecodeName(string pair) => Uri.UnescapeDataString(pair.Split('=', 2)[0].Replace('+', ' '));

    // Every pair of exactly this name goes, the others stay as they were sent.
    private static void StripCookie(RequestTransformContext context, string name)
    {
        if (!context.ProxyRequest.Headers.NonValidated.TryGetValues("Cookie", out var values))
        {
            return;
        }

        var pairs = values.Select(static value => value.Split(';')).ToList();
        var kept = pairs.ConvertAll(line => Array.FindAll(line, pair => !CookiePair.TryGetValue(pair, name, out _)));
        if (kept.Sum(static line => line.Length) == pairs.Sum(static line => line.Length))
        {
            return;
        }

        var rest = string.Join("; ", kept.Select(static line => string.Join(';', line).Trim()).Where(static line => line.Length > 0));
        context.ProxyRequest.Headers.Remove("Cookie");
        if (rest.Length > 0)
        {
            context.ProxyRequest.Headers.TryAddWithoutValidation("Cookie", rest);
        }
    }
}
