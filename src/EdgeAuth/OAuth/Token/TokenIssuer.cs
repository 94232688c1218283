using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.OAuth.Clients;
using EdgeAuth.OAuth.Grants;
using EdgeAuth.OAuth.Records;
using EdgeAuth.Sessions;
using EdgeAuth.Storage;

namespace EdgeAuth.OAuth.Token;

/// <summary>
/// Makes tokens (spec/tyk.md b.7). What is written records the life of the client that was read before, so tokens that race a revocation are
/// born dead.
/// </summary>
internal sealed class TokenIssuer(GrantRepository grants, KeyLifetime lifetime, TimeProvider time)
{
    /// <summary>Issues an access token under a new grant, and a refresh token if asked to. Fails when there are no rules to give it.</summary>
    public ValueTask<IssueResult> IssueAsync(CompiledApi api, Client client, Grant grant, bool withRefreshToken, ChangeSet changes, CancellationToken cancellationToken) =>
        IssueAsync(api, client, grant, version: null, witness: null, withRefreshToken, changes, cancellationToken);

    /// <summary>Issues an access token under a new grant; <see cref="IssueResult.Overtaken"/> when the client is not any more what it was taken for.</summary>
    public ValueTask<IssueResult> IssueAsync(TokenContext context, Grant grant, CancellationToken cancellationToken)
    {
        RecordWitness? witness = context.Unread is { } version ? new(ClientRecordId.Of(context.Client.Realm, context.Client.Id), version) : null;
        return IssueAsync(context.Api, context.Client, grant, version: null, witness, withRefreshToken: false, ChangeSet.CarriedOut, cancellationToken);
    }

    /// <summary>Issues a pair under a grant that was read; <see cref="IssueResult.Overtaken"/> when it changed or ended meanwhile.</summary>
    public ValueTask<IssueResult> IssueAsync(CompiledApi api, Client client, Versioned<Grant> grant, CancellationToken cancellationToken) =>
        IssueAsync(api, client, grant.Value, grant.Version, witness: null, withRefreshToken: true, ChangeSet.CarriedOut, cancellationToken);

    /// <summary>Removes tokens that nobody was given.</summary>
    /// <param name="before">Their grant as it was before they were issued.</param>
    /// <param name="spent">The hash of the refresh token that was to be exchanged.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public ValueTask DiscardAsync(Grant before, KeyHash spent, IssuedTokens tokens, CancellationToken cancellationToken) =>
        grants.DiscardAsync(before, spent, tokens.AccessToken, tokens.RefreshToken, cancellationToken);

    /// <summary>The Key of an access token.</summary>
    public static StoredKey KeyOf(Grant grant, Session session, Client client) => new()
    {
        Session = session,
        Realm = grant.Realm,
        ClientId = client.Id,
        GrantId = grant.Id,
        Life = client.Life,
        IsSenderConstrained = grant.Details?.IsSenderConstrained == true,
        RulesAreProperties = grant.RulesAreProperties,
    };

    private async ValueTask<IssueResult> IssueAsync(CompiledApi api, Client client, Grant grant, long? version, RecordWitness? witness, bool withRefreshToken, ChangeSet changes, CancellationToken cancellationToken)
    {
        if ((grant.Rules ?? TokenSession.FromPolicy(api.Catalog, client)) is not { } rules)
        {
            return IssueResult.Failed(OAuthFailure.NoRules);
        }

        var realm = api.Realm!;
        var now = time.GetUtcNow();
        var refreshToken = withRefreshToken ? TokenText.Opaque() : null;
        var refreshExpires = now + RecordScopes.RefreshTokenLifetime(realm, grant.Scope);
        grant = grant with
        {
            Life = client.Life,
            AccessExpires = (now + RecordScopes.AccessTokenLifetime(realm, grant.Scope)).ToUnixTimeMilliseconds(),
            RefreshToken = refreshToken is null ? null : KeyHash.Of(refreshToken).ToHex(),
            RefreshExpires = refreshToken is null ? 0 : refreshExpires.ToUnixTimeMilliseconds(),
            Created = grant.AccessToken is null ? now.ToUnixTimeMilliseconds() : grant.Created,
            Refreshed = grant.AccessToken is null ? 0 : now.ToUnixTimeMilliseconds(),
        };
        var session = TokenSession.Complete(rules, grant, client, now);
        var accessToken = KeyService.NewToken(session.OrgId);
        var hash = KeyHash.Of(accessToken);
        grant = grant with { AccessToken = hash.ToHex() };
        var keptUntil = lifetime.StoredUntil(Merged(session, api.Catalog), api.Catalog, isToken: true);
        var issued = new IssuedKey(hash, KeyOf(grant, session, client), keptUntil);
        var issuedRefresh = refreshToken is null ? null : new IssuedRefreshToken(
            refreshToken,
            new RefreshToken { Realm = realm.Id, ClientId = client.Id, GrantId = grant.Id, Life = client.Life, AccessToken = hash.ToHex() },
            refreshExpires);
        var stored = await changes.CommitAsync(
            [Change.Added("grant", grant.Id, realm.Id, madeUp: true), Change.Added("token", hash.ToHex(), realm.Id, madeUp: true)],
            () => grants.IssueAsync(grant, version, witness, GrantLifetime.StoredUntil(grant, keptUntil), issued, issuedRefresh, cancellationToken));
        return stored
            ? IssueResult.Of(new IssuedTokens(accessToken, refreshToken, Math.Max(0, (grant.AccessEnds - now.ToUnixTimeMilliseconds()) / 1000), grant.Scope))
            : IssueResult.Overtaken;
    }

    private static Session Merged(Session session, CompiledCatalog catalog) =>
        PolicyMerge.Apply(session, id => catalog.Policies.GetValueOrDefault(id), apiOrg: null).Session ?? session;
}
