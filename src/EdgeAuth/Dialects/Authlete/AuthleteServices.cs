using System.Security.Cryptography;
using System.Text;
using EdgeAuth.Catalog;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>Tells which service calls: one of the settings by its own secret, else a realm by a management secret (spec/authlete.md 0 and 8).</summary>
internal sealed class AuthleteServices(CatalogHolder catalogs)
{
    private const string ManagementSecret = "EdgeAuth:Management:Secret";

    /// <summary>The service that a request is from, or why it is from none.</summary>
    public (AuthleteCaller? Caller, AuthleteRefusal? Refusal) Find(HttpRequest request)
    {
        // Nobody can be let in, so nobody is asked for credentials.
        var settings = catalogs.Current.Settings;
        if (settings.ManagementSecrets.Count == 0 && settings.Authlete.Services.Count == 0)
        {
            return (null, AuthleteRefusals.NoSecret(ManagementSecret));
        }

        var authorization = request.Headers.Authorization;
        if (authorization.Count == 0 || authorization is [null or ""])
        {
            return (null, AuthleteRefusals.NoCredentials);
        }

        return AuthleteCredentials.TryRead(authorization, out var credentials) ? Find(credentials) : (null, AuthleteRefusals.CredentialsUnreadable);
    }

    private (AuthleteCaller? Caller, AuthleteRefusal? Refusal) Find(AuthleteCredentials presented)
    {
        var catalog = catalogs.Current;
        var listed = catalog.Settings.Authlete.Services.TryGetValue(presented.Key, out var service) ? service : null;
        var own = listed?.Secret is { Length: > 0 } secret ? secret : null;
        IReadOnlyList<string> accepted = listed is null ? catalog.Settings.ManagementSecrets : own is null ? [] : [own];
        var matches = Matches(presented.Secret, accepted, atLeast: catalog.Settings.ManagementSecrets.Count);

        // A realm that a reload took away takes its services with it.
        return catalog.FindRealm(listed is { Realm.Length: > 0 } ? listed.Realm : presented.Key) is not { } realm ? (null, AuthleteRefusals.ServiceUnknown)
            : accepted.Count == 0 ? (null, AuthleteRefusals.NoSecret(listed is null ? ManagementSecret : $"EdgeAuth:Dialects:Authlete:Services:{presented.Key}:Secret"))
            : matches ? (new AuthleteCaller(presented.Key, catalog, realm), null)
            : (null, AuthleteRefusals.SecretWrong);
    }

    // In constant time and by hash, so that neither length nor position shows; and as often for a key that nobody has, so that it does not show which exist.
    private static bool Matches(string presented, IReadOnlyList<string> accepted, int atLeast)
    {
        var hash = Hash(presented);
        var matches = false;
        for (var i = 0; i < Math.Max(Math.Max(accepted.Count, atLeast), 1); i++)
        {
            matches |= CryptographicOperations.FixedTimeEquals(hash, Hash(i < accepted.Count ? accepted[i] : "")) & i < accepted.Count;
        }

        return matches;
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
