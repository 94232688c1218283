using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Descriptions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.OAuth.Token;

/// <summary>The token endpoint of an API's realm (spec/tyk.md b.2; RFC 6749 section 3.2).</summary>
internal sealed class TokenEndpoint(TokenService tokens)
{
    public static IReadOnlyList<Operation> Calls { get; } =
    [
        new("GET", "Always refused: a token is asked for by POST.") { Status = 400, Answers = [OperationContent.Of(static () => OAuthJson.Default.OAuthErrorBody)] },
        new("POST", "Exchange a code, a refresh token or credentials for tokens.")
        {
            Access = OperationAccess.Client,
            Form =
            [
                new("grant_type", "authorization_code, refresh_token, client_credentials or password.", Required: true),
                new("code", "Of authorization_code."),
                new("redirect_uri", "Of authorization_code: the one that the code was asked for with."),
                new("code_verifier", "Of authorization_code: RFC 7636."),
                new("refresh_token", "Of refresh_token."),
                new("username", "Of password."),
                new("password", "Of password."),
                new("scope", "What is asked for."),
                new("client_id", "The client, where it does not authenticate by Basic."),
                new("client_secret", "Its secret, where it does not authenticate by Basic."),
            ],
            Answers = [OperationContent.Of(static () => OAuthJson.Default.TokenResponse)],
            Errors = [OperationContent.Of(static () => OAuthJson.Default.OAuthErrorBody)],
        },
    ];

    public async Task HandleAsync(HttpContext context, CompiledApi api)
    {
        var realm = api.Realm!;
        AddHeaders(context.Response.Headers);
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = "POST";
            await OAuthAnswer.WriteStatusAsync(context, StatusCodes.Status405MethodNotAllowed, StatusMessage.Error("Method not supported"));
            return;
        }

        var parameters = await OAuthParameters.ReadAsync(context.Request, useQuery: true, allowJson: true, context.RequestAborted);
        if (HttpMethods.IsGet(context.Request.Method) || parameters is null || (realm.Errors == ErrorStyle.Rfc && parameters.HasRepeated))
        {
            await OAuthAnswer.WriteErrorAsync(context, realm, OAuthFailure.InvalidRequest);
            return;
        }

        // What is begun is finished though the client goes away: a rotation must end the old token too.
        var issued = await tokens.ExchangeAsync(context.Request, parameters, api, CancellationToken.None);
        if (issued.Tokens is { } fresh)
        {
            await OAuthAnswer.WriteAsync(context, StatusCodes.Status200OK, TokenResponse.Of(fresh), OAuthJson.Default.TokenResponse);
        }
        else
        {
            await OAuthAnswer.WriteErrorAsync(context, realm, issued.Failure!.Value);
        }
    }

    // On every answer, success or failure (spec/tyk.md b.2).
    private static void AddHeaders(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XXSSProtection = "1; mode=block";
        headers.XFrameOptions = "DENY";
        headers.StrictTransportSecurity = "max-age=63072000; includeSubDomains";
        headers.CacheControl = "no-cache, no-store, must-revalidate";
        headers.Pragma = "no-cache";
        headers.Expires = "0";
    }
}
