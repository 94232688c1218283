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
        var changes = context.Features.Get<ChangeSet>();
        trail.Record(new AuditEvent
        {
            Time = time.GetUtcNow(),
            Who = secret is { } number ? $"management secret {number}" : "unknown",
            Action = $"{context.Request.Method} {Route(context)}",
            Target = Target(context.Request.RouteValues),
            Changes = changes is { Noted.Count: > 0 } ? changes.Noted : null,
            From = AuditEvent.Address(context.Connection.RemoteIpAddress),
            Status = status,
            Result = status < 400 ? changes is { IsDryRun: true } ? "dry run" : "ok" : secret is null ? "no management secret" : "refused",
        });
    }

    // The pattern, not the path: a path may hold a credential.
    private static string Route(HttpContext context) =>
        context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern } ? "/" + pattern.Replace("{**slashes}", "", StringComparison.Ordinal).Trim('/') : "unknown";

    // What stands in a path may be a credential, by right or by mistake; only what names an API of ours is no secret for certain.
    private Dictionary<string, string> Target(RouteValueDictionary values)
    {
        var target = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in values)
        {
            if (name is not ("slashes" or "rest") && value is string text)
            {
                target[name] = catalogs.Current.Apis.ContainsKey(text) || KeyHash.TryParse(text, out _) ? text : KeyHash.Of(text).ToHex();
            }
        }

        return target;
    }
}
