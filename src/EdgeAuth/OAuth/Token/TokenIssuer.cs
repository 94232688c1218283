using System.Text.Json;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.OAuth.Clients;
using EdgeAuth.OAuth.Grants;
using EdgeAuth.Sessions;

namespace EdgeAuth.OAuth.Token;

/// <summary>
/// Makes tokens (spec/tyk.md b.7). What is written records the life of the client that was read before, so tokens that race a revocation are
/// born dead.
/// </summary>
internal sealed class TokenIssuer(GrantRepository grants, KeyLifetime lifetime, TimeProvider time)
{
    // A grant outlives its tokens, so that a late replay is still recognised as one.
    private static readonly TimeSpan GrantMargin = TimeSpan.FromHours(1);

    /// <summary>Issues an access token under a new grant, and a refresh token if asked to. Fails when there are no rules to give it.</summary>
    public ValueTask<IssueResult> IssueAsync(CompiledApi api, Client client, Grant grant, bool withRefreshToken, ChangeSet changes, CancellationToken cancellationToken) =>
        IssueAsync(api, client, grant, version: null, withRefreshToken, changes, cancellationToken);

    /// <summary>Issues a pair under a grant that was read; <see cref="IssueResult.Overtaken"/> when it changed or ended meanwhile.</summary>
    public ValueTask<IssueResult> IssueAsync(CompiledApi api, Client client, Versioned<Grant> grant, CancellationToken cancellationToken) =>
        IssueAsync(api, client, grant.Value, grant.Version, withRefreshToken: true, ChangeSet.CarriedOut, cancellationToken);

    /// <summary>Removes tokens that nobody was given.</summary>
    public ValueTask DiscardAsync(IssuedTokens tokens, CancellationToken cancellationToken) =>
        grants.DiscardAsync(tokens.AccessToken, tokens.RefreshToken, cancellationToken);

    private async ValueTask<IssueResult> IssueAsync(CompiledApi api, Client client, Grant grant, long? version, bool withRefreshToken, ChangeSet changes, CancellationToken cancellationToken)
    {
        if ((grant.Rules ?? FromPolicy(api.Catalog, client)) is not { } rules)
        {
            return IssueResult.Failed(OAuthFailure.NoRules);
        }

        var realm = api.Realm!;
        var now = time.GetUtcNow();
        var session = Complete(rules, grant, client, realm, now);
        var accessToken = KeyService.NewToken(session.OrgId);
        var hash = KeyHash.Of(accessToken);
        var key = new StoredKey { Session = session, Realm = realm.Id, ClientId = client.Id, GrantId = grant.Id, Life = client.Life };
        var keptUntil = lifetime.StoredUntil(Merged(session, api.Catalog), api.Catalog, isToken: true);
        var refreshToken = withRefreshToken ? TokenText.Opaque() : null;
        var refreshExpires = now + realm.RefreshTokenLifetime;
        var issued = new IssuedKey(hash, key, keptUntil);
        var issuedRefresh = refreshToken is null ? null : new IssuedRefreshToken(
            refreshToken,
            new RefreshToken { Realm = realm.Id, ClientId = client.Id, GrantId = grant.Id, Life = client.Life, AccessToken = hash.ToHex() },
            refreshExpires);
        var grantUntil = (withRefreshToken && refreshExpires > keptUntil ? refreshExpires : keptUntil) + GrantMargin;
        var stored = await changes.CommitAsync(
            [Change.Added("grant", grant.Id, realm.Id, madeUp: true), Change.Added("token", hash.ToHex(), realm.Id, madeUp: true)],
            () => grants.IssueAsync(grant with { Life = client.Life }, version, grantUntil, issued, issuedRefresh, cancellationToken));
        return stored
            ? IssueResult.Of(new IssuedTokens(accessToken, refreshToken, (long)realm.AccessTokenLifetime.TotalSeconds, grant.Scope))
            : IssueResult.Overtaken;
    }

    private static Session? FromPolicy(CompiledCatalog catalog, Client client) =>
        client.PolicyId.Length > 0 && catalog.Policies.TryGetValue(client.PolicyId, out var policy)
            ? new Session
            {
                ApplyPolicies = [policy.Id],
                OrgId = policy.OrgId,
                Rate = policy.Rate,
                Per = policy.Per,
                ThrottleInterval = policy.ThrottleInterval,
                ThrottleRetryLimit = policy.ThrottleRetryLimit,
                QuotaMax = policy.QuotaMax,
                QuotaRenewalRate = policy.QuotaRenewalRate,
                AccessRights = policy.AccessRights,
                Tags = policy.Tags,
                HmacEnabled = policy.HmacEnabled,
                EnableHttpSignatureValidation = policy.EnableHttpSignatureValidation,
                IsInactive = policy.IsInactive,
            }
            : null;

    private static Session Complete(Session rules, Grant grant, Client client, RealmSettings realm, DateTimeOffset now) => rules with
    {
        OauthClientId = client.Id,
        Expires = (now + realm.AccessTokenLifetime).ToUnixTimeSeconds(),
        DateCreated = now.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture),
        LastUpdated = now.ToUnixTimeSeconds().ToString(),

        // The rules of a user have the client's data already (see PasswordHandler).
        MetaData = grant.Subject.Length > 0 ? rules.MetaData : WithClientData(rules.MetaData, client.MetaData),
        AccessRights = rules.PolicyIds.Count > 0 ? rules.AccessRights : PolicyMerge.Apply(rules, static _ => null, apiOrg: null).Session?.AccessRights ?? rules.AccessRights,
    };

    // The session's own values win over the client's.
    private static IReadOnlyDictionary<string, JsonElement>? WithClientData(IReadOnlyDictionary<string, JsonElement>? own, JsonElement? client)
    {
        if (client is not { ValueKind: JsonValueKind.Object } data)
        {
            return own;
        }

        var merged = own is null ? new Dictionary<string, JsonElement>(StringComparer.Ordinal) : new Dictionary<string, JsonElement>(own, StringComparer.Ordinal);
        foreach (var member in data.EnumerateObject())
        {
            merged.TryAdd(member.Name, member.Value);
        }

        return merged;
    }

    private static Session Merged(Session session, CompiledCatalog catalog) =>
        PolicyMerge.Apply(session, id => catalog.Policies.GetValueOrDefault(id), apiOrg: null).Session ?? session;
}
