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
                var grant = (await keys.FindAsync(old, cancellationToken))?.Value.GrantId;
                await keys.DeleteAsync(old, cancellationToken);
                await invalidations.PublishKeyAsync(old, cancellationToken);
                if (grant is not null)
                {
                    await halves.EndAccessAsync(grant, old, cancellationToken);
                }
            }

            return;
        }
    }
}
