using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Grants;

/// <summary>
/// Notes in a grant that one of its tokens was ended alone, as Tyk's calls do. With its last token the grant goes too: it is in no list then.
/// </summary>
internal sealed class GrantHalves(GrantRepository grants, KeyRepository keys, TimeProvider time)
{
    /// <summary>An access token was ended.</summary>
    public async ValueTask EndAccessAsync(string grantId, KeyHash hash, CancellationToken cancellationToken)
    {
        while (await grants.FindAsync(grantId, cancellationToken) is { } read && string.Equals(read.Value.AccessToken, hash.ToHex(), StringComparison.Ordinal))
        {
            var now = time.GetUtcNow();
            var ended = read.Value with { AccessExpires = Earlier(read.Value.AccessExpires, now.ToUnixTimeMilliseconds()) };
            var until = GrantLifetime.StoredUntil(ended, now);
            if (await (ended.CanRefresh(now) ? grants.ReplaceAsync(ended, read with { StoredUntil = until }, cancellationToken) : grants.DeleteAsync(read, cancellationToken)))
            {
                return;
            }
        }
    }

    /// <summary>A refresh token was ended.</summary>
    /// <param name="grantId">Its grant.</param>
    /// <param name="hash">The token.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public async ValueTask EndRefreshAsync(string grantId, KeyHash hash, CancellationToken cancellationToken)
    {
        while (await grants.FindAsync(grantId, cancellationToken) is { } read && string.Equals(read.Value.RefreshToken, hash.ToHex(), StringComparison.Ordinal))
        {
            // An access token that has expired by itself is listed for a while; one that was ended leaves nothing to list.
            var ended = read.Value with { RefreshToken = null, RefreshExpires = 0 };
            var key = KeyHash.TryParse(ended.AccessToken, out var access) ? await keys.FindAsync(access, cancellationToken) : null;
            if (await (key is { } left
                ? grants.ReplaceAsync(ended, read with { StoredUntil = GrantLifetime.StoredUntil(ended, left.StoredUntil) }, cancellationToken)
                : grants.DeleteAsync(read, cancellationToken)))
            {
                return;
            }
        }
    }

    private static long Earlier(long expires, long now) => expires == 0 ? now : Math.Min(expires, now);
}
