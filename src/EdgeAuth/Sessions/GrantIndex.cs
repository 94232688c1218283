using EdgeAuth.Storage;

namespace EdgeAuth.Sessions;

/// <summary>
/// The lists that Grants are in, oldest first: of their realm, their client and their subject. They name a client's life, so that what ended with it is in none.
/// </summary>
internal static class GrantIndex
{
    public static string OfRealm(string realm) => "realm:" + realm;

    /// <summary>The grants of a client; an end of its access tokens alone leaves them there.</summary>
    public static string OfClient(string realm, string clientId, ClientLife life) => $"client:{realm}/{clientId}/{life.Incarnation}.{life.GrantGeneration}";

    public static string OfSubject(string realm, string subject) => $"subject:{realm}/{subject}";

    /// <summary>The grants that a user gave a client. No two clients share an incarnation.</summary>
    public static string OfClientAndSubject(string realm, ClientLife life, string subject) => $"both:{realm}/{life.Incarnation}.{life.GrantGeneration}/{subject}";

    /// <summary>The grant whose access token it is, however long that has been forgotten while its refresh token lives.</summary>
    public static string OfAccessToken(string hash) => "access:" + hash;

    public static IEnumerable<IndexEntry> Of(StoredGrant grant)
    {
        if (grant is not { AccessToken: { Length: > 0 } hash, Life: { } life })
        {
            yield break;
        }

        yield return new IndexEntry(OfRealm(grant.Realm), grant.Created);
        yield return new IndexEntry(OfClient(grant.Realm, grant.ClientId, life), grant.Created);
        if (grant.Subject.Length > 0)
        {
            yield return new IndexEntry(OfSubject(grant.Realm, grant.Subject), grant.Created);
            yield return new IndexEntry(OfClientAndSubject(grant.Realm, life, grant.Subject), grant.Created);
        }

        if (grant.RefreshToken is { Length: > 0 })
        {
            yield return new IndexEntry(OfAccessToken(hash), 0);
        }
    }
}
