using System.Net;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Descriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Telemetry;

/// <summary><c>/metrics</c>, on management's port where it has one, otherwise for this machine only.</summary>
internal static class MetricsEndpoint
{
    public static void MapMetrics(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var telemetry = services.GetRequiredService<TelemetryService>();
        var enabled = services.GetRequiredService<IOptions<TelemetryOptions>>().Value.Metrics;
        var port = services.GetRequiredService<CatalogHolder>().Current.Settings.ManagementPort;
        var endpoint = endpoints.Map("/metrics", async context =>
        {
            var status = !enabled || (port is not null && context.Connection.LocalPort != port) ? StatusCodes.Status404NotFound
                : port is null && context.Connection.RemoteIpAddress is { } remote && !IPAddress.IsLoopback(remote) ? StatusCodes.Status403Forbidden
                : !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) ? StatusCodes.Status405MethodNotAllowed
                : StatusCodes.Status200OK;
            context.Response.StatusCode = status;
            if (status == StatusCodes.Status405MethodNotAllowed)
            {
                context.Response.Headers.Allow = HttpMethods.Get;
                context.Response.ContentType = "text/plain";
                await context.Response.WriteAsync("Method Not Allowed", context.RequestAborted);
            }
            else if (status == StatusCodes.Status200OK)
            {
                context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                await context.Response.WriteAsync(telemetry.Collect(), context.RequestAborted);
            }
        }).WithDisplayName("metrics").WithOrder(EndpointOrder.Served);
        if (enabled)
        {
            endpoint.WithMetadata(new Operation("GET", "Metrics in Prometheus's text format.") { Answers = [new(FindType: null) { MediaType = "text/plain" }] });
        }
    }
}
