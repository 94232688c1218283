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
    /// <param name="context">The request, answered.</param>
    /// <param name="secret">The number of the management secret that was presented; null for none.</param>
    public void Managed(HttpContext context, int? secret)
    {
        if (!trail.IsKept)
        {
            return;
        }

        var status = context.Response.StatusCode;
        var route = Route(context);
        var changes = context.Features.Get<ChangeSet>();
        trail.Record(new AuditEvent
        {
            Time = time.GetUtcNow(),
            Who = secret is { } number ? $"management secret {number}" : "unknown",
            Action = $"{context.Request.Method} {route}",
            Target = Target(context.Request.RouteValues, isHashed: context.Request.Query["hashed"].ToString().Length > 0 || route.Contains("/keys/policy/", StringComparison.Ordinal)),
            Changes = changes is { Noted.Count: > 0 } ? changes.Noted : null,
            From = AuditEvent.Address(context.Connection.RemoteIpAddress),
            Status = status,
            Result = status < 400 ? changes is { IsDryRun: true } ? "dry run" : "ok" : secret is null ? "no management secret" : "refused",
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
                target[name] = catalogs.Current.Apis.ContainsKey(text) || catalogs.Current.Policies.ContainsKey(text) || (isHashed && KeyHash.TryParse(text, out _)) ? text : KeyHash.Of(text).ToHex();
            }
        }

        return target;
    }
}
