using EdgeAuth.OAuth.Grants;
using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Token;

/// <summary>Of each user and client one access token lives at a time, however it was obtained; the user's key remembers which (spec/tyk.md b.3).</summary>
internal sealed class UserTokens(KeyRepository keys, GrantHalves halves, Invalidations invalidations)
{
    /// <summary>The key of a user: stored under organisation and user name.</summary>
    public static KeyHash UserOf(string org, string name) => KeyHash.Of(KeyService.TokenOf(org, name));

    /// <summary>Remembers a new token and ends the one before it.</summary>
    public async ValueTask ReplaceAsync(KeyHash userHash, string clientId, KeyHash token, CancellationToken cancellationToken)
    {
        while (await keys.FindAsync(userHash, cancellationToken) is { } read)
        {
            var user = read.Value;
            var tracked = new Dictionary<string, string>(user.Session.OauthKeys ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal);
            tracked.TryGetValue(clientId, out var previous);
            tracked[clientId] = token.ToHex();
            var updated = user with { Session = user.Session with { OauthKeys = tracked } };
            if (!await keys.ReplaceAsync(userHash, updated, read, cancellationToken))
            {
                continue;
            }

            if (KeyHash.TryParse(previous, out var old) && old != token)
            {
                await EndAsync(old, cancellationToken);
            }

            return;
        }
    }

    private async ValueTask EndAsync(KeyHash hash, CancellationToken cancellationToken)
    {
        var found = await keys.FindEvenEndedAsync(hash, cancellationToken);
        while (found is { Value.IsEnded: true } ended)
        {
            // Another value may have taken its place.
            found = KeyHash.TryParse(ended.Value.ReplacedBy, out hash) ? await keys.FindEvenEndedAsync(hash, cancellationToken) : null;
        }

        if (found is not null)
        {
            await keys.DeleteAsync(hash, cancellationToken);
        }

        await invalidations.PublishKeyAsync(hash, cancellationToken);
        if (found?.Value.GrantId is { } grant)
        {
            await halves.EndAccessAsync(grant, hash, cancellationToken);
        }
    }
}
