using EdgeAuth.Catalog;

namespace EdgeAuth.OAuth.Clients;

/// <summary>Finds clients by what Authlete's callers name them by: a number, or the id, which is called alias there (spec/authlete.md 3.8).</summary>
internal sealed class ClientFinder(ClientRepository clients, CatalogHolder catalogs)
{
    /// <summary>The client of the realm that goes by a number; else whether one of another realm does.</summary>
    public async ValueTask<(Client? Client, bool IsForeign)> FindAsync(RealmSettings realm, long number, CancellationToken cancellationToken)
    {
        var isForeign = false;
        Client? found = null;
        foreach (var (owner, id) in await clients.FindNumberAsync(number, cancellationToken))
        {
            if (!string.Equals(owner, realm.Id, StringComparison.Ordinal))
            {
                isForeign = true;
            }
            else if ((await clients.FindAsync(owner, id, cancellationToken))?.Value is { } client && client.Number == number && (found is null || ClientNumber.TryParse(id, out _)))
            {
                // Its own id comes before a number that was made up.
                found = client;
            }
        }

        return (found, found is null && isForeign);
    }

    /// <summary>The client of the realm that is meant: digits are a number first, then an id.</summary>
    public async ValueTask<(Client? Client, bool IsForeign)> FindAsync(RealmSettings realm, string identifier, CancellationToken cancellationToken)
    {
        var isForeign = false;
        if (ClientNumber.TryParse(identifier, out var number))
        {
            (var client, isForeign) = await FindAsync(realm, number, cancellationToken);
            if (client is not null)
            {
                return (client, false);
            }
        }

        if ((await clients.FindAsync(realm.Id, identifier, cancellationToken))?.Value is { } named)
        {
            return (named, false);
        }

        return (null, isForeign || await ExistsElsewhereAsync(realm, identifier, cancellationToken));
    }

    private async ValueTask<bool> ExistsElsewhereAsync(RealmSettings realm, string id, CancellationToken cancellationToken)
    {
        var catalog = catalogs.Current;
        foreach (var other in catalog.Apis.Values.Select(static api => api.Realm).OfType<RealmSettings>().Append(catalog.GatewayRealm))
        {
            if (!string.Equals(other.Id, realm.Id, StringComparison.Ordinal) && await clients.FindAsync(other.Id, id, cancellationToken) is not null)
            {
                return true;
            }
        }

        return false;
    }
}
