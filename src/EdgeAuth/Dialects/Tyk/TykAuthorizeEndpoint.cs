using System.Text;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Descriptions;
using EdgeAuth.OAuth;
using EdgeAuth.OAuth.Authorization;
using EdgeAuth.OAuth.Clients;
using EdgeAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>Authorises a client on behalf of a user who approved: mints a code or an implicit token (spec/tyk.md a.3).</summary>
internal sealed class TykAuthorizeEndpoint(AuthorizationService authorization, ClientService clients, CatalogHolder catalogs, TykGuard guard)
{
    /// <summary>The call, at whichever path.</summary>
    public static Operation Call { get; } = new("POST", "Authorise a client for a user who approved: a code, or a token.")
    {
        Form =
        [
            new("response_type", "code or token.", Required: true),
            new("client_id", "The client.", Required: true),
            new("redirect_uri", "One that is registered; the first of them by default."),
            new("state", "Given back as it is."),
            new("scope", "Stored with the grant."),
            new("key_rules", "The session that the token gets, as JSON; by default that of the client's policy."),
            new("code_challenge", "RFC 7636."),
            new("code_challenge_method", "S256."),
        ],
        Answers = [OperationContent.Of(static () => TykJson.Default.TykAuthorization)],
        Errors = [OperationContent.Of(static () => OAuthJson.Default.OAuthErrorBody)],
    };

    /// <summary>Below an API, whose realm issues.</summary>
    public Task HandleAsync(HttpContext context, CompiledApi api) => guard.RunAsync(context, async guarded =>
    {
        if (!HttpMethods.IsPost(guarded.Request.Method))
        {
            guarded.Response.Headers.Allow = "POST";
            await TykAnswer.ErrorAsync(guarded, StatusCodes.Status405MethodNotAllowed, "Method not supported");
            return;
        }

        if (await ReadAsync(guarded) is var (parameters, rules))
        {
            await AuthorizeAsync(guarded, api, parameters, rules);
        }
    });

    /// <summary>At the bare path: the API is the one named, or the only one it can be.</summary>
    public async Task HandleBareAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not var (parameters, rules))
        {
            return;
        }

        if (parameters["api_id"] is { Length: > 0 } named)
        {
            await (catalogs.Current.Apis.TryGetValue(named, out var api) && api.IssuesTokens
                ? AuthorizeAsync(context, api, parameters, rules)
                : TykAnswer.ErrorAsync(context, 404, "API doesn't exist"));
            return;
        }

        var candidates = await FindApisAsync(parameters["client_id"], context.RequestAborted);
        if (candidates.Count > 1 && rules is not null)
        {
            candidates = candidates.FindAll(candidate => rules.AccessRights.ContainsKey(candidate.Id)) is { Count: > 0 } granted ? granted : candidates;
        }

        // A client that is registered nowhere fails alike wherever it is looked for.
        var chosen = candidates.Count == 1 ? candidates[0]
            : candidates.Count == 0 ? catalogs.Current.Apis.Values.Where(static api => api.IssuesTokens).MinBy(static api => api.Id, StringComparer.Ordinal)
            : null;
        await (chosen is not null
            ? AuthorizeAsync(context, chosen, parameters, rules)
            : TykAnswer.ErrorAsync(context, 400, candidates.Count == 0 ? "API doesn't exist" : "api_id is required: this client belongs to several APIs"));
    }

    private async ValueTask<List<CompiledApi>> FindApisAsync(string clientId, CancellationToken cancellationToken)
    {
        var found = new List<CompiledApi>();
        foreach (var api in catalogs.Current.Apis.Values)
        {
            if (api is { IssuesTokens: true, Realm: { } realm } && await clients.FindAsync(realm, clientId, cancellationToken) is not null)
            {
                found.Add(api);
            }
        }

        return found;
    }

    // Null when the answer has been written.
    private static async ValueTask<(OAuthParameters Parameters, Session? Rules)?> ReadAsync(HttpContext context)
    {
        var parameters = await OAuthParameters.ReadAsync(context.Request, useQuery: true, allowJson: false, context.RequestAborted);
        if (parameters is null)
        {
            await TykAnswer.ErrorAsync(context, 400, "cannot parse form. Form malformed");
            return null;
        }

        var text = parameters["key_rules"];
        if (text.Length == 0)
        {
            return (parameters, null);
        }

        var failure = SessionJson.TryParse(Encoding.UTF8.GetBytes(text), out var rules, out var reason)
            ? KeyService.Check(rules)
            : "key_rules is not a valid session object: " + reason;
        if (failure is not null)
        {
            await TykAnswer.ErrorAsync(context, 400, failure);
            return null;
        }

        return (parameters, rules);
    }

    private async Task AuthorizeAsync(HttpContext context, CompiledApi api, OAuthParameters parameters, Session? rules)
    {
        var request = AuthorizeRequest.From(parameters);
        var result = await authorization.AuthorizeAsync(request, rules, api, context.Changes(), context.RequestAborted);
        var state = request.State.Length > 0 ? request.State : null;
        if (result.Failure is { } failure)
        {
            await WriteFailureAsync(context, api.Realm!, failure, result.RedirectUri, state);
            return;
        }

        var answer = result.Tokens is { } tokens
            ? new TykAuthorization
            {
                AccessToken = tokens.AccessToken,
                ExpiresIn = tokens.ExpiresIn,
                RedirectTo = RedirectUris.WithFragment(result.RedirectUri!, Fields(
                    ("access_token", tokens.AccessToken), ("expires_in", tokens.ExpiresIn.ToString()), ("scope", tokens.Scope), ("state", state), ("token_type", "bearer"))),
                Scope = tokens.Scope.Length > 0 ? tokens.Scope : null,
                State = state,
                TokenType = "bearer",
            }
            : new TykAuthorization
            {
                Code = result.Code,
                RedirectTo = RedirectUris.WithQuery(result.RedirectUri!, Fields(("code", result.Code), ("state", state))),
                State = state,
            };
        await TykAnswer.OkAsync(context, answer, TykJson.Default.TykAuthorization);
    }

    private static Task WriteFailureAsync(HttpContext context, RealmSettings realm, OAuthFailure failure, string? registeredUri, string? state)
    {
        var id = OAuthErrors.AuthorizationId(failure, realm.Errors);
        var text = OAuthErrors.Text(id);
        if (failure == OAuthFailure.UnsupportedResponseType)
        {
            state = null;
        }

        var redirect = registeredUri is null ? null : RedirectUris.WithQuery(registeredUri, Fields(("error", id), ("error_description", text), ("state", state)));
        OAuthAnswer.AddErrorHeaders(context, realm, failure);
        return OAuthAnswer.WriteAsync(context, OAuthErrors.Status(failure, realm), new OAuthErrorBody(id, text, redirect, state), OAuthJson.Default.OAuthErrorBody);
    }

    private static IEnumerable<KeyValuePair<string, string>> Fields(params (string Name, string? Value)[] fields) =>
        fields.Where(static field => !string.IsNullOrEmpty(field.Value)).Select(static field => KeyValuePair.Create(field.Name, field.Value!));
}
