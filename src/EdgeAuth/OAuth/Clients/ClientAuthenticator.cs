using System.Text;
using EdgeAuth.Catalog;
using EdgeAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.OAuth.Clients;

/// <summary>
/// Authenticates a client at the token endpoint: HTTP Basic, or credentials in the body when there is no Authorization field (spec/tyk.md b.2).
/// </summary>
internal sealed class ClientAuthenticator(ClientRepository clients, ClientSecrets secrets)
{
    private const string Scheme = "Basic ";
    private const int MostRecalled = 10_000;

    private readonly RecentlyUsedCache<(string Realm, string ClientId), Versioned<Client>> _recent = new(MostRecalled);

    /// <summary>
    /// The client as it was when it authenticated last, if the credentials are good for that and it takes no work to see it. It may have changed since: whoever
    /// goes by it has the store check its version.
    /// </summary>
    public Versioned<Client>? Recall(HttpRequest request, OAuthParameters parameters, RealmSettings realm) =>
        TryRead(request, parameters, out var id, out var secret)
        && _recent.TryGet((realm.Id, id), out var known)
        && string.Equals(Decode(secret), secret, StringComparison.Ordinal)
        && secrets.IsKnown(known.Value, secret)
            ? known
            : null;

    /// <summary>Has the client read anew.</summary>
    public void Forget(Client client) => _recent.Remove((client.Realm, client.Id), static _ => { });

    /// <summary>The client, or why there is none and the id of the client that was named, if it exists.</summary>
    public async ValueTask<(Client? Client, OAuthFailure Failure, string? Named)> AuthenticateAsync(HttpRequest request, OAuthParameters parameters, RealmSettings realm, CancellationToken cancellationToken)
    {
        if (!TryRead(request, parameters, out var id, out var secret))
        {
            return (null, OAuthFailure.NoClientCredentials, null);
        }

        // RFC 6749 section 2.3.1 has both halves form-encoded, Tyk's clients send them as they are.
        var (decodedId, decodedSecret) = (Decode(id), Decode(secret));
        var read = await clients.FindAsync(realm.Id, id, cancellationToken);
        var client = read?.Value;
        if (string.Equals(decodedId, id, StringComparison.Ordinal) && string.Equals(decodedSecret, secret, StringComparison.Ordinal))
        {
            if (!await secrets.VerifyAsync(client, secret, cancellationToken))
            {
                return Failed(client);
            }

            _recent.Set((realm.Id, id), read!.Value);
            return (client, default, null);
        }

        // Both readings are tried without work first, then with: whichever is right, and whether such clients exist or not, costs the same.
        var decoded = (await clients.FindAsync(realm.Id, decodedId, cancellationToken))?.Value;
        if (secrets.IsKnown(client, secret))
        {
            return (client, default, null);
        }

        if (secrets.IsKnown(decoded, decodedSecret))
        {
            return (decoded, default, null);
        }

        var asSent = await secrets.VerifyAsync(client, secret, cancellationToken);
        var asDecoded = await secrets.VerifyAsync(decoded, decodedSecret, cancellationToken);
        return asSent ? (client, default, null) : asDecoded ? (decoded, default, null) : Failed(client);
    }

    private static (Client? Client, OAuthFailure Failure, string? Named) Failed(Client? client) =>
        (null, client is null ? OAuthFailure.UnknownClient : OAuthFailure.WrongSecret, client?.Id);

    private static bool TryRead(HttpRequest request, OAuthParameters parameters, out string id, out string secret)
    {
        (id, secret) = (parameters["client_id"], parameters["client_secret"]);
        if (request.Headers.Authorization is not [{ } header, ..])
        {
            return id.Length > 0;
        }

        if (!header.StartsWith(Scheme, StringComparison.Ordinal) || !TryDecodeBase64(header[Scheme.Length..], out var text))
        {
            return false;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return false;
        }

        (id, secret) = (text[..colon], text[(colon + 1)..]);
        return true;
    }

    private static bool TryDecodeBase64(string text, out string decoded)
    {
        var buffer = new byte[text.Length];
        var valid = Convert.TryFromBase64String(text.Trim(), buffer, out var length);
        decoded = valid ? Encoding.UTF8.GetString(buffer, 0, length) : "";
        return valid;
    }

    private static string Decode(string text) => System.Net.WebUtility.UrlDecode(text);
}
