using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Descriptions;
using EdgeAuth.Catalog.Writing;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.OAuth.Revocation;

/// <summary>The revocation endpoints of an API's realm (spec/tyk.md b.8): whoever holds a token may revoke it.</summary>
internal sealed class RevokeEndpoint(RevocationService revocation, OAuthAudit audit)
{
    private const string WrongSecret = "client secret is wrong";

    public static Operation Call { get; } = new("POST", "Revoke a token that the caller holds.")
    {
        Form = [new("token", "An access token or a refresh token.", Required: true), new("token_type_hint", "access_token or refresh_token: only that is looked for.")],
        Answers = [OperationContent.Of(static () => OAuthJson.Default.StatusMessage)],
        Errors = [OperationContent.Of(static () => OAuthJson.Default.StatusMessage), OperationContent.Of(static () => OAuthJson.Default.OAuthErrorBody)],
    };

    public static Operation CallAll { get; } = new("POST", "Revoke all that was issued to a client.")
    {
        Form = [new("client_id", "The client.", Required: true), new("client_secret", "Its secret.", Required: true)],
        Answers = [OperationContent.Of(static () => OAuthJson.Default.StatusMessage)],
        Errors = [OperationContent.Of(static () => OAuthJson.Default.StatusMessage), OperationContent.Of(static () => OAuthJson.Default.OAuthErrorBody)],
    };

    public async Task HandleAsync(HttpContext context, CompiledApi api)
    {
        if (await ReadAsync(context, "error parsing form. Form malformed") is not { } parameters)
        {
            return;
        }

        var token = parameters["token"];
        if (token.Length == 0)
        {
            await OAuthAnswer.WriteStatusAsync(context, StatusCodes.Status400BadRequest, StatusMessage.Error("token is required"));
            return;
        }

        // What is begun is finished though the caller goes away: an ended token must be announced.
        await revocation.RevokeAsync(api.Id, clientId: null, token, parameters["token_type_hint"], ChangeSet.CarriedOut, CancellationToken.None);
        audit.Revoked(context, api, token);
        await OAuthAnswer.WriteStatusAsync(context, StatusCodes.Status200OK, StatusMessage.Ok("token revoked successfully"));
    }

    public async Task HandleAllAsync(HttpContext context, CompiledApi api)
    {
        if (await ReadAsync(context, "error parsing form. Form malformed") is not { } parameters)
        {
            return;
        }

        var (clientId, secret) = (parameters["client_id"], parameters["client_secret"]);
        var (status, message) = clientId.Length == 0 ? (StatusCodes.Status401Unauthorized, "client_id is required")
            : secret.Length == 0 ? (StatusCodes.Status401Unauthorized, "client_secret is required")
            : await revocation.RevokeAllAsync(api.Realm!, clientId, secret, ChangeSet.CarriedOut, CancellationToken.None) switch
            {
                true => (StatusCodes.Status200OK, "tokens revoked successfully"),
                false => (StatusCodes.Status401Unauthorized, WrongSecret),
                null => (StatusCodes.Status404NotFound, "error getting oauth client"),
            };
        var known = status == StatusCodes.Status200OK || message is WrongSecret;
        audit.AllRevoked(context, api, known ? clientId : null, status, status == StatusCodes.Status200OK ? "ok" : message);
        await OAuthAnswer.WriteStatusAsync(context, status, status == StatusCodes.Status200OK ? StatusMessage.Ok(message) : StatusMessage.Error(message));
    }

    // The body only, so that no token stands in a URL. Null when the answer has been written.
    private static async ValueTask<OAuthParameters?> ReadAsync(HttpContext context, string malformed)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = "POST";
            await OAuthAnswer.WriteStatusAsync(context, StatusCodes.Status405MethodNotAllowed, StatusMessage.Error("Method not supported"));
            return null;
        }

        var parameters = await OAuthParameters.ReadAsync(context.Request, useQuery: false, allowJson: false, context.RequestAborted);
        if (parameters is null)
        {
            await OAuthAnswer.WriteStatusAsync(context, StatusCodes.Status400BadRequest, StatusMessage.Error(malformed));
        }

        return parameters;
    }
}
