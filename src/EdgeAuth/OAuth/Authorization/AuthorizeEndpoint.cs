using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Descriptions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.OAuth.Authorization;

/// <summary>The authorization endpoint of an API's realm: checks the request and sends the browser on to sign in (spec/tyk.md b.1).</summary>
internal sealed class AuthorizeEndpoint(AuthorizeValidator validator)
{
    private static readonly OperationField[] Fields =
    [
        new("response_type", "code or token.", Required: true),
        new("client_id", "The client.", Required: true),
        new("redirect_uri", "One that is registered; the first of them by default."),
        new("state", "Given back as it is."),
        new("scope", "What is asked for."),
        new("code_challenge", "RFC 7636."),
        new("code_challenge_method", "S256."),
    ];

    public static IReadOnlyList<Operation> Calls { get; } =
    [
        new("GET", "Check an authorization request of a browser and send it on to sign in.") { Query = Fields, Status = 307, Errors = [OperationContent.Of(static () => OAuthJson.Default.StatusMessage)] },
        new("POST", "Check an authorization request that is a form and send it on to sign in.") { Form = Fields, Status = 307, Errors = [OperationContent.Of(static () => OAuthJson.Default.StatusMessage)] },
    ];

    public async Task HandleAsync(HttpContext context, CompiledApi api)
    {
        var realm = api.Realm!;
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && !HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, POST";
            await OAuthAnswer.WriteStatusAsync(context, StatusCodes.Status405MethodNotAllowed, StatusMessage.Error("Method not supported"));
            return;
        }

        var parameters = await OAuthParameters.ReadAsync(context.Request, useQuery: true, allowJson: false, context.RequestAborted);
        if (parameters is null || (realm.Errors == ErrorStyle.Rfc && parameters.HasRepeated))
        {
            await RefuseAsync(context, realm, OAuthFailure.InvalidRequest);
            return;
        }

        var validated = await validator.ValidateAsync(AuthorizeRequest.From(parameters), realm, context.RequestAborted);
        if (validated.Failure is { } failure)
        {
            await RefuseAsync(context, realm, failure);
            return;
        }

        if (realm.LoginRedirect.Length == 0)
        {
            await OAuthAnswer.WriteStatusAsync(context, StatusCodes.Status403Forbidden, StatusMessage.Error(OAuthErrors.Text("server_error")));
            return;
        }

        // With 307 the browser posts a form again by itself, so a query travels only with a GET.
        var query = HttpMethods.IsPost(context.Request.Method) ? "" : context.Request.QueryString.Value?.TrimStart('?') ?? "";
        var address = Sendable(realm.LoginRedirect);
        var separator = query.Length == 0 ? "" : address.Contains('?', StringComparison.Ordinal) ? "&" : "?";
        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = address + separator + query;
    }

    // As configured where a header can hold it, else with host and path in their ASCII forms.
    private static string Sendable(string address)
    {
        if (address.All(static letter => letter is > ' ' and <= '~'))
        {
            return address;
        }

        var uri = new Uri(address);
        return new UriBuilder(uri) { Host = uri.IdnHost }.Uri.AbsoluteUri;
    }

    private static Task RefuseAsync(HttpContext context, RealmSettings realm, OAuthFailure failure)
    {
        OAuthAnswer.AddErrorHeaders(context, realm, failure);
        return OAuthAnswer.WriteStatusAsync(
            context,
            OAuthErrors.Status(failure, realm),
            StatusMessage.Error(OAuthErrors.Text(OAuthErrors.AuthorizationId(failure, realm.Errors))));
    }
}
