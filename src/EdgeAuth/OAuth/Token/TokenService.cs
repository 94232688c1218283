using System.Collections.Frozen;
using EdgeAuth.Catalog;
using EdgeAuth.OAuth.Clients;
using EdgeAuth.OAuth.Notifications;
using EdgeAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.OAuth.Token;

/// <summary>Answers token requests: authenticates the client, then lets the handler of the grant type exchange.</summary>
internal sealed class TokenService(ClientAuthenticator authenticator, IEnumerable<IGrantHandler> handlers, NotificationSender notifications, OAuthMetrics metrics, OAuthAudit audit)
{
    private readonly FrozenDictionary<string, IGrantHandler> _handlers = handlers.ToFrozenDictionary(static handler => handler.GrantType, StringComparer.Ordinal);

    public async ValueTask<IssueResult> ExchangeAsync(HttpRequest request, OAuthParameters parameters, CompiledApi api, CancellationToken cancellationToken)
    {
        var (result, client) = await AuthenticateAndExchangeAsync(request, parameters, api, cancellationToken);
        var outcome = result.Failure is { } failure ? OAuthErrors.Id(failure, ErrorStyle.Rfc) : null;
        metrics.Exchanged(api.Id, outcome ?? "issued");
        audit.Exchanged(request.HttpContext, api, client, GrantType(parameters), result, outcome);
        return result;
    }

    // With the id of the client, where there is such a client.
    private async ValueTask<(IssueResult Result, string? Client)> AuthenticateAndExchangeAsync(HttpRequest request, OAuthParameters parameters, CompiledApi api, CancellationToken cancellationToken)
    {
        var realm = api.Realm!;
        string? named = null;
        try
        {
            if (await TryUnreadAsync(request, parameters, api, cancellationToken) is { } quick)
            {
                Notify(realm, parameters, quick.Tokens);
                return (IssueResult.Of(quick.Tokens), quick.Client);
            }

            var (client, failure, claimed) = await authenticator.AuthenticateAsync(request, parameters, realm, cancellationToken);
            named = client?.Id ?? claimed;
            if (client is null)
            {
                return (IssueResult.Failed(failure), named);
            }

            var grantType = parameters["grant_type"];
            if (!realm.GrantTypes.Contains(grantType) || !_handlers.TryGetValue(grantType, out var handler))
            {
                return (IssueResult.Failed(OAuthFailure.UnsupportedGrantType), named);
            }

            var issued = await handler.ExchangeAsync(new TokenContext(api, client, parameters), cancellationToken);
            if (issued.Tokens is { } tokens)
            {
                Notify(realm, parameters, tokens);
            }

            return (issued, named);
        }
        catch (Exception error) when (StoreTrouble.Is(error))
        {
            return (IssueResult.Failed(OAuthFailure.Unavailable), named);
        }
    }

    private void Notify(RealmSettings realm, OAuthParameters parameters, IssuedTokens tokens)
    {
        if (realm.WebhookUrl.Length > 0)
        {
            notifications.Send(realm, KeyChangeNotification.Of(parameters, tokens));
        }
    }

    // A client that asks for tokens of its own often is known already. Whether it is still what it was is seen where the token is written, so it need not
    // be read before; whatever else comes of it is left to be found out by reading it.
    private async ValueTask<(IssuedTokens Tokens, string Client)?> TryUnreadAsync(HttpRequest request, OAuthParameters parameters, CompiledApi api, CancellationToken cancellationToken)
    {
        const string GrantType = "client_credentials";
        if (!string.Equals(parameters["grant_type"], GrantType, StringComparison.Ordinal)
            || !api.Realm!.GrantTypes.Contains(GrantType)
            || authenticator.Recall(request, parameters, api.Realm) is not { } known)
        {
            return null;
        }

        var issued = await _handlers[GrantType].ExchangeAsync(new TokenContext(api, known.Value, parameters) { Unread = known.Version }, cancellationToken);
        if (issued.Tokens is { } tokens)
        {
            return (tokens, known.Value.Id);
        }

        authenticator.Forget(known.Value);
        return null;
    }

    // What a caller writes in its place may be anything, a secret too.
    private string GrantType(OAuthParameters parameters) => _handlers.ContainsKey(parameters["grant_type"]) ? parameters["grant_type"] : "unknown";
}
