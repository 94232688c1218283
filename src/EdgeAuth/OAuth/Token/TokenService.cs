using System.Collections.Frozen;
using EdgeAuth.Catalog;
using EdgeAuth.OAuth.Clients;
using EdgeAuth.OAuth.Notifications;
using EdgeAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.OAuth.Token;

/// <summary>Answers token requests: authenticates the client, then lets the handler of the grant type exchange.</summary>
internal sealed class TokenService(ClientAuthenticator authenticator, IEnumerable<IGrantHandler> handlers, NotificationSender notifications, OAuthMetrics metrics)
{
    private readonly FrozenDictionary<string, IGrantHandler> _handlers = handlers.ToFrozenDictionary(static handler => handler.GrantType, StringComparer.Ordinal);

    public async ValueTask<IssueResult> ExchangeAsync(HttpRequest request, OAuthParameters parameters, CompiledApi api, CancellationToken cancellationToken)
    {
        var result = await AuthenticateAndExchangeAsync(request, parameters, api, cancellationToken);
        metrics.Exchanged(api.Id, result.Failure is { } failure ? OAuthErrors.Id(failure, ErrorStyle.Rfc) : "issued");
        return result;
    }

    private async ValueTask<IssueResult> AuthenticateAndExchangeAsync(HttpRequest request, OAuthParameters parameters, CompiledApi api, CancellationToken cancellationToken)
    {
        var realm = api.Realm!;
        try
        {
            var (client, failure) = await authenticator.AuthenticateAsync(request, parameters, realm, cancellationToken);
            if (client is null)
            {
                return IssueResult.Failed(failure);
            }

            var grantType = parameters["grant_type"];
            if (!realm.GrantTypes.Contains(grantType) || !_handlers.TryGetValue(grantType, out var handler))
            {
                return IssueResult.Failed(OAuthFailure.UnsupportedGrantType);
            }

            var issued = await handler.ExchangeAsync(new TokenContext(api, client, parameters), cancellationToken);
            if (issued.Tokens is { } tokens)
            {
                notifications.Send(realm, KeyChangeNotification.Of(parameters, tokens));
            }

            return issued;
        }
        catch (Exception error) when (StoreTrouble.Is(error))
        {
            return IssueResult.Failed(OAuthFailure.Unavailable);
        }
    }
}
