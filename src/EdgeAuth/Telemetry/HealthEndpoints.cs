using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Descriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Telemetry;

/// <summary><c>/hello</c>, always 200, and <c>/ready</c>, 503 while the node cannot serve (spec/tyk.md f.5).</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var checker = endpoints.ServiceProvider.GetRequiredService<HealthChecker>();
        endpoints.Map("/hello", context => AnswerAsync(context, checker, alwaysOk: true))
            .WithDisplayName("hello")
            .WithOrder(EndpointOrder.Served)
            .WithMetadata(new Operation("GET", "Liveness, with what readiness looks at.") { Answers = [OperationContent.Of(static () => HealthJson.Default.HealthReport)], Errors = [OperationContent.Of(static () => HealthJson.Default.HealthError)] });
        endpoints.Map("/ready", context => AnswerAsync(context, checker, alwaysOk: false))
            .WithDisplayName("ready")
            .WithOrder(EndpointOrder.Served)
            .WithMetadata(new Operation("GET", "Readiness: refused while the node cannot serve.") { Answers = [OperationContent.Of(static () => HealthJson.Default.HealthReport)], Errors = [OperationContent.Of(static () => HealthJson.Default.HealthError)] });
    }

    private static async Task AnswerAsync(HttpContext context, HealthChecker checker, bool alwaysOk)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET";
            await WriteAsync(context, StatusCodes.Status405MethodNotAllowed, new HealthError("error", "Method Not Allowed"), HealthJson.Default.HealthError);
            return;
        }

        var report = await checker.CheckAsync(context.RequestAborted);
        if (alwaysOk || report.Status is not "fail")
        {
            await WriteAsync(context, StatusCodes.Status200OK, report, HealthJson.Default.HealthReport);
            return;
        }

        context.Response.Headers.RetryAfter = "1";
        var reason = report.Details.Values.First(static item => item.Status is "fail").Output ?? "not ready";
        await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, new HealthError("error", reason), HealthJson.Default.HealthError);
    }

    private static async Task WriteAsync<T>(HttpContext context, int status, T body, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, type);
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
