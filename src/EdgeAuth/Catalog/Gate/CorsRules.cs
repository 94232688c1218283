using EdgeAuth.Catalog.Definitions;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Catalog.Gate;

/// <summary>
/// Who may call from a page of another origin (spec/tyk.md g, <c>CORS</c>). Empty lists take the defaults of Tyk. Where any host is admitted no
/// credentials are: else any page could act with the cookies of whoever looks at it.
/// </summary>
internal sealed class CorsRules
{
    private static readonly string[] SimpleMethods = ["GET", "POST", "HEAD"];
    private static readonly string[] SimpleHeaders = ["Origin", "Accept", "Content-Type", "X-Requested-With"];

    private readonly CorsPolicy _policy;
    private readonly bool _passesPreflights;

    private CorsRules(CorsPolicy policy, bool passesPreflights) => (_policy, _passesPreflights) = (policy, passesPreflights);

    /// <summary>The rules of a definition, or null when they are switched off.</summary>
    public static CorsRules? Compile(CorsSettings settings)
    {
        if (!settings.Enable)
        {
            return null;
        }

        var policy = new CorsPolicy
        {
            SupportsCredentials = settings.AllowCredentials && !AdmitsEveryHost(settings),
            PreflightMaxAge = settings.MaxAge > 0 ? TimeSpan.FromSeconds(settings.MaxAge) : null,
        };
        if (AdmitsEveryOrigin(settings))
        {
            policy.Origins.Add(CorsConstants.AnyOrigin);
        }
        else
        {
            var patterns = settings.AllowedOrigins.Select(static origin => origin.Split('*', 2)).ToArray();
            policy.IsOriginAllowed = origin => Array.Exists(patterns, pattern => Matches(pattern, origin));
        }

        Add(policy.Methods, settings.AllowedMethods.Count > 0 ? settings.AllowedMethods.Select(static method => method.ToUpperInvariant()) : SimpleMethods);
        Add(policy.Headers, settings.AllowedHeaders.Count > 0 ? settings.AllowedHeaders : SimpleHeaders);
        Add(policy.ExposedHeaders, settings.ExposedHeaders);
        return new CorsRules(policy, settings.OptionsPassthrough);
    }

    /// <summary>
    /// True where every host has an origin that is admitted: for every origin, and for a pattern with nothing but a scheme before its star and
    /// nothing but a port after it.
    /// </summary>
    public static bool AdmitsEveryHost(CorsSettings settings) => AdmitsEveryOrigin(settings) || settings.AllowedOrigins.Any(static origin =>
        origin?.Split('*', 2) is [var before, var after]
            && (before.IndexOf("://", StringComparison.Ordinal) is var scheme && (scheme < 0 || scheme + 3 == before.Length))
            && (after.Length == 0 || after[0] == ':'));

    // For an empty list and for one with *.
    private static bool AdmitsEveryOrigin(CorsSettings settings) => settings.AllowedOrigins.Count == 0 || settings.AllowedOrigins.Contains("*", StringComparer.Ordinal);

    /// <summary>
    /// Sees to the fields of the answer, whoever gives it; those of the upstream give way. True for a preflight, which is to be answered with
    /// nothing else.
    /// </summary>
    public bool Apply(HttpContext context, ICorsService service)
    {
        var request = context.Request;
        var result = request.Headers.Origin.Count > 0 ? service.EvaluatePolicy(context, _policy) : null;
        context.Response.OnStarting(() =>
        {
            Write(context.Response, service, result);
            return Task.CompletedTask;
        });
        return !_passesPreflights && result?.IsPreflightRequest == true;
    }

    private void Write(HttpResponse response, ICorsService service, CorsResult? result)
    {
        var headers = response.Headers;
        headers.Remove("Access-Control-Allow-Origin");
        headers.Remove("Access-Control-Allow-Credentials");
        headers.Remove("Access-Control-Allow-Methods");
        headers.Remove("Access-Control-Allow-Headers");
        headers.Remove("Access-Control-Expose-Headers");
        headers.Remove("Access-Control-Max-Age");
        if (result?.IsOriginAllowed == true)
        {
            service.ApplyResult(result, response);
        }
        else if (!_policy.AllowAnyOrigin)
        {
            // A cache must not give this answer to an origin that is allowed.
            headers.Append("Vary", "Origin");
        }
    }

    // A star stands for any text, once.
    private static bool Matches(string[] pattern, string origin) => pattern.Length == 1
        ? string.Equals(pattern[0], origin, StringComparison.OrdinalIgnoreCase)
        : origin.Length >= pattern[0].Length + pattern[1].Length
            && origin.StartsWith(pattern[0], StringComparison.OrdinalIgnoreCase)
            && origin.EndsWith(pattern[1], StringComparison.OrdinalIgnoreCase);

    private static void Add(IList<string> list, IEnumerable<string> values)
    {
        foreach (var value in values)
        {
            list.Add(value);
        }
    }
}
