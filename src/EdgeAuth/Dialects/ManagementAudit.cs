using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Audit;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeAuth.Dialects;

/// <summary>Records every management call: done, failed or refused.</summary>
internal sealed class ManagementAudit(AuditTrail trail, CatalogHolder catalogs, TimeProvider time)
{
    // Route values that are credentials, though they may be like the name of something.
    private static readonly HashSet<string> Credentials = new(StringComparer.OrdinalIgnoreCase) { "accessTokenIdentifier" };

    /// <param name="context">The request, answered.</param>
    /// <param name="secret">The number of the management secret that was presented; null for none.</param>
    public void Managed(HttpContext context, int? secret) =>
        Record(context, secret is { } number ? $"management secret {number}" : null, "no management secret", isRefused: context.Response.StatusCode >= 400);

    /// <param name="context">The request, answered.</param>
    /// <param name="service">The service that showed its secret; null for none.</param>
    /// <param name="isRefused">It was not done, whatever the status says.</param>
    public void Served(HttpContext context, string? service, bool isRefused) =>
        Record(context, service is null ? null : "service " + service, "no service credentials", isRefused || context.Response.StatusCode >= 400);

    private void Record(HttpContext context, string? who, string nobody, bool isRefused)
    {
        if (!trail.IsKept)
        {
            return;
        }

        var route = Route(context);
        var changes = context.Features.Get<ChangeSet>();
        trail.Record(new AuditEvent
        {
            Time = time.GetUtcNow(),
            Who = who ?? "unknown",
            Action = $"{context.Request.Method} {route}",
            Target = Target(context.Request.RouteValues, isHashed: context.Request.Query["hashed"].ToString().Length > 0 || route.Contains("/keys/policy/", StringComparison.Ordinal)),
            Changes = changes is { Noted.Count: > 0 } ? changes.Noted : null,
            From = AuditEvent.Address(context.Connection.RemoteIpAddress),
            Status = context.Response.StatusCode,
            Result = !isRefused ? changes is { IsDryRun: true } ? "dry run" : "ok" : who is null ? nobody : "refused",
        });
    }

    // The pattern, not the path: a path may hold a credential.
    private static string Route(HttpContext context) =>
        context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern } ? "/" + pattern.Replace("{**slashes}", "", StringComparison.Ordinal).Trim('/') : "unknown";

    // What stands in a path may be a credential, by right or by mistake, and a credential may look like a hash: only what names an API or a policy of ours, or
    // is a hash to the call itself, is no secret for certain.
    private Dictionary<string, string> Target(RouteValueDictionary values, bool isHashed)
    {
        var target = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in values)
        {
            if (name is not ("slashes" or "rest") && value is string text)
            {
                target[name] = !Credentials.Contains(name) && (catalogs.Current.Apis.ContainsKey(text) || catalogs.Current.Policies.ContainsKey(text) || (isHashed && KeyHash.TryParse(text, out _))) ? text : KeyHash.Of(text).ToHex();
            }
        }

        return target;
    }
}
