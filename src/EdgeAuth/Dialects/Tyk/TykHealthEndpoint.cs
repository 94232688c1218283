using EdgeAuth.Catalog;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary><c>GET /tyk/health</c>: statistics of an API, where they are kept (spec/tyk.md f.6).</summary>
internal sealed class TykHealthEndpoint(CatalogHolder catalogs, HealthBook health)
{
    public Task GetAsync(HttpContext context)
    {
        var catalog = catalogs.Current;
        if (!catalog.Settings.Tyk.HealthCheck.EnableHealthChecks)
        {
            return TykAnswer.ErrorAsync(context, 400, "Health checks are not enabled for this node");
        }

        var id = context.Request.Query["api_id"].ToString();
        if (id.Length == 0)
        {
            return TykAnswer.ErrorAsync(context, 400, "missing api_id parameter");
        }

        if (!catalog.Apis.TryGetValue(id, out var api))
        {
            return TykAnswer.ErrorAsync(context, 404, "API ID not found");
        }

        var figures = health.For(api)!.Read();
        return TykAnswer.OkAsync(
            context,
            new TykHealth(figures.ThrottledPerSecond, figures.QuotaViolationsPerSecond, figures.KeyFailuresPerSecond, figures.UpstreamLatency, figures.RequestsPerSecond),
            TykJson.Default.TykHealth);
    }
}
