using EdgeAuth.Catalog;
using EdgeAuth.OAuth.Clients;

namespace EdgeAuth.OAuth.Authorization;

/// <summary>Validates authorization requests; no secret and no user is looked at (spec/tyk.md a.3, b.1).</summary>
internal sealed class AuthorizeValidator(ClientRepository clients)
{
    private const int ChallengeLength = 43;

    public async ValueTask<ValidatedAuthorization> ValidateAsync(AuthorizeRequest request, RealmSettings realm, CancellationToken cancellationToken)
    {
        // The order is Tyk's: response type, client, redirect URI.
        var client = (await clients.FindAsync(realm.Id, request.ClientId, cancellationToken))?.Value;
        var registered = client is null ? [] : RedirectUris.Registered(client.RedirectUri, realm);
        if (!realm.ResponseTypes.Contains(request.ResponseType))
        {
            return new ValidatedAuthorization(OAuthFailure.UnsupportedResponseType, client, "", registered.FirstOrDefault());
        }

        if (client is null)
        {
            return new ValidatedAuthorization(OAuthFailure.UnknownClient, null, "", null);
        }

        if (registered.Length == 0)
        {
            return new ValidatedAuthorization(OAuthFailure.NoRedirectUri, client, "", null);
        }

        // Tyk decodes once more than the form does.
        var redirect = System.Net.WebUtility.UrlDecode(request.RedirectUri);
        var chosen = redirect.Length == 0 ? registered[0] : redirect;
        if (!Array.Exists(registered, uri => RedirectUris.Matches(chosen, uri)))
        {
            return new ValidatedAuthorization(OAuthFailure.RedirectMismatch, client, "", registered[0]);
        }

        return new ValidatedAuthorization(HasUsableChallenge(request) ? null : OAuthFailure.InvalidRequest, client, chosen, registered[0]);
    }

    // RFC 7636: a challenge without a method is plain, which is not supported.
    private static bool HasUsableChallenge(AuthorizeRequest request) =>
        request.CodeChallenge.Length == 0
            ? request.CodeChallengeMethod.Length == 0
            : request.CodeChallengeMethod is "S256" && request.CodeChallenge.Length == ChallengeLength
                && request.CodeChallenge.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
}
