using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Descriptions;
using EdgeAuth.OAuth;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Dialects;

/// <summary>
/// <c>/openapi.json</c>: every operation that is served, to whoever has a management secret, on management's port where it has one
/// (spec/tyk.md j.4, j.16).
/// </summary>
internal sealed class DescriptionEndpoint(ManagementSecrets secrets, ManagementAudit audit, CatalogHolder catalogs)
{
    private readonly int? _port = catalogs.Current.Settings.ManagementPort;
    private volatile Description? _last;

    public static Operation Call { get; } = new("GET", "This document.")
    {
        Access = OperationAccess.Management,
        Answers = [new(FindType: null) { MediaType = "application/json" }],
        Errors = [OperationContent.Of(static () => OAuthJson.Default.StatusMessage)],
    };

    public async Task HandleAsync(HttpContext context)
    {
        if (_port is { } port && context.Connection.LocalPort != port)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var secret = secrets.Find(context.Request);
        await AnswerAsync(context, secret is not null);
        audit.Managed(context, secret);
    }

    private async Task AnswerAsync(HttpContext context, bool mayManage)
    {
        if (!mayManage)
        {
            await OAuthAnswer.WriteStatusAsync(context, StatusCodes.Status403Forbidden, StatusMessage.Error(ManagementSecrets.Refusal));
            return;
        }

        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Get;
            await OAuthAnswer.WriteStatusAsync(context, StatusCodes.Status405MethodNotAllowed, StatusMessage.Error("Method not supported"));
            return;
        }

        // The endpoints are listed anew with every generation, and only then.
        var endpoints = context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints;
        var current = _last;
        if (current is null || !ReferenceEquals(current.Endpoints, endpoints))
        {
            _last = current = new Description(endpoints, DescriptionWriter.Write(endpoints));
        }

        await OAuthAnswer.WriteAsync(context, StatusCodes.Status200OK, current.Document);
    }

    private sealed record Description(IReadOnlyList<Endpoint> Endpoints, byte[] Document);
}
