using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.OAuth.Clients;
using EdgeAuth.OAuth.Grants;
using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Revocation;

/// <summary>Ends single tokens. Ending one half of a pair leaves the other alive (spec/tyk.md a.10, a.11, b.8).</summary>
internal sealed class RevocationService(KeyRepository keys, GrantRepository grants, GrantHalves halves, ClientService clients, Invalidations invalidations, OAuthMetrics metrics)
{
    /// <summary>Ends a token of a realm, of one client when one is given. A foreign or unknown token is left alone.</summary>
    public async ValueTask RevokeAsync(string realm, string? clientId, string token, string? hint, ChangeSet changes, CancellationToken cancellationToken)
    {
        if (hint is not "refresh_token")
        {
            await RevokeAccessTokenAsync(realm, clientId, token, changes, cancellationToken);
        }

        if (hint is not "access_token")
        {
            await InvalidateRefreshTokenAsync(realm, clientId, token, changes, cancellationToken);
        }
    }

    /// <summary>Makes a refresh token useless without ending anything else; what is unknown or spent stays as it is.</summary>
    public async ValueTask InvalidateRefreshTokenAsync(string realm, string? clientId, string token, ChangeSet changes, CancellationToken cancellationToken)
    {
        while (await grants.FindRefreshTokenAsync(token, cancellationToken) is { Value: var found } read
            && found.State == RefreshTokenState.Live
            && IsOf(found.Realm, found.ClientId, realm, clientId))
        {
            if (await changes.CommitAsync([Change.Revoked("refresh_token", KeyHash.Of(token).ToHex(), realm)], InvalidateAsync))
            {
                return;
            }

            async ValueTask<bool> InvalidateAsync()
            {
                if (!await grants.ReplaceAsync(token, found with { State = RefreshTokenState.Invalidated }, read, cancellationToken))
                {
                    return false;
                }

                metrics.Revoked("refresh_token");
                await halves.EndRefreshAsync(found.GrantId, KeyHash.Of(token), cancellationToken);
                return true;
            }
        }
    }

    /// <summary>Has the grant of an access token that was deleted as a Key know of it.</summary>
    public async ValueTask NoteDeletedAsync(KeyHash hash, StoredKey key, ChangeSet changes, CancellationToken cancellationToken)
    {
        if (key.GrantId is { } grant)
        {
            await changes.CommitAsync([], () => halves.EndAccessAsync(grant, hash, cancellationToken));
        }
    }

    /// <summary>Ends everything of a client; false when the secret is wrong, null when there is no such client.</summary>
    public async ValueTask<bool?> RevokeAllAsync(RealmSettings realm, string clientId, string secret, ChangeSet changes, CancellationToken cancellationToken)
    {
        if (await clients.FindAsync(realm, clientId, cancellationToken) is not { } client)
        {
            return null;
        }

        if (!await clients.VerifySecretAsync(client, secret, cancellationToken))
        {
            return false;
        }

        await clients.RevokeAllAsync(realm, clientId, changes, cancellationToken);
        await changes.CommitAsync([], () =>
        {
            metrics.Revoked("client");
            return ValueTask.CompletedTask;
        });
        return true;
    }

    // Announced also when nothing is found, so that a retry heals a crash between the delete and the announcement.
    private async ValueTask RevokeAccessTokenAsync(string realm, string? clientId, string token, ChangeSet changes, CancellationToken cancellationToken)
    {
        var hash = KeyHash.Of(token);
        var found = await keys.FindAsync(hash, cancellationToken);
        if (found is { Value: var key } && (key.GrantId is null || !IsOf(key.Realm, key.ClientId, realm, clientId)))
        {
            return;
        }

        await changes.CommitAsync(found is null ? [] : [Change.Revoked("token", hash.ToHex(), realm)], async () =>
        {
            if (found is not null)
            {
                await keys.EndAsync(hash, found, cancellationToken);
                metrics.Revoked("access_token");
            }

            await invalidations.PublishKeyAsync(hash, cancellationToken);
            if (found is { Value.GrantId: { } grant })
            {
                await halves.EndAccessAsync(grant, hash, cancellationToken);
            }
        });
    }

    private static bool IsOf(string? ownRealm, string? ownClient, string realm, string? clientId) =>
        string.Equals(ownRealm, realm, StringComparison.Ordinal) && (clientId is null || string.Equals(ownClient, clientId, StringComparison.Ordinal));
}
