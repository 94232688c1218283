using System.Security.Cryptography;
using System.Text;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.OAuth.Clients;
using EdgeAuth.OAuth.Grants;
using EdgeAuth.OAuth.Token;
using EdgeAuth.Sessions;
using Microsoft.AspNetCore.WebUtilities;

namespace EdgeAuth.OAuth.Records;

/// <summary>Makes tokens outside any OAuth flow (spec/authlete.md 1.1).</summary>
internal sealed class RecordCreator(RecordRepository records, ClientFinder clients, KeyLifetime lifetime, KeyService keys, Invalidations invalidations, TimeProvider time)
{
    private const int LongestSubject = 100;
    private const int TokenBytes = 32;

    /// <summary>What any token lives at most, in seconds: ten years.</summary>
    public const long LongestDuration = 10L * 365 * 86400;

    /// <summary>A random token: 256 bits.</summary>
    public static string NewToken() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(TokenBytes));

    /// <summary>Makes tokens for a client of the realm. What is refused first is told, in the order of spec/authlete.md 1.1.</summary>
    public async ValueTask<RecordResult> CreateAsync(CompiledCatalog catalog, RealmSettings realm, TokenDraft draft, ChangeSet changes, CancellationToken cancellationToken)
    {
        if (Check(realm, draft) is var refusal and not RecordRefusal.None)
        {
            return RecordResult.Refused(refusal);
        }

        // Before anything is written, so that tokens that race a revocation of the client are born dead.
        var (client, isForeign) = await clients.FindAsync(realm, draft.ClientNumber, cancellationToken);
        if (client is null)
        {
            return RecordResult.Refused(isForeign ? RecordRefusal.ClientForeign : RecordRefusal.ClientUnknown);
        }

        var properties = TokenProperties.Clean(draft.Properties);
        refusal = TokenProperties.AreTooLarge(properties) ? RecordRefusal.PropertiesTooLarge : CheckRefreshToken(realm, draft);
        if (refusal != RecordRefusal.None)
        {
            return RecordResult.Refused(refusal);
        }

        var (rules, problem) = RecordRules.Read(properties, catalog, realm, client);
        if ((draft.Problem ?? problem) is { } found)
        {
            return RecordResult.Refused(RecordRefusal.ValueUnacceptable, found);
        }

        return await WriteAsync(catalog, realm, draft, client, rules, properties, changes, cancellationToken);
    }

    private static RecordRefusal Check(RealmSettings realm, TokenDraft draft)
    {
        if (!Supports(realm, draft.GrantType))
        {
            return RecordRefusal.GrantTypeUnsupported;
        }

        if (draft.GrantType is not TokenGrantType.ClientCredentials)
        {
            if (draft.Subject.Length == 0 && draft.GrantType is not TokenGrantType.JwtBearer)
            {
                return RecordRefusal.SubjectMissing;
            }

            if (draft.Subject.Length > LongestSubject)
            {
                return RecordRefusal.SubjectTooLong;
            }

            if (!Ascii.IsValid(draft.Subject))
            {
                return RecordRefusal.SubjectNotAscii;
            }
        }

        return draft.Scopes.All(scope => RecordScopes.Supports(realm, scope)) ? RecordRefusal.None : RecordRefusal.ScopeUnsupported;
    }

    private static bool Supports(RealmSettings realm, string grantType) => grantType switch
    {
        TokenGrantType.Implicit => realm.ResponseTypes.Contains("token"),
        TokenGrantType.AuthorizationCode or TokenGrantType.Password or TokenGrantType.ClientCredentials => realm.GrantTypes.Contains(grantType),
        _ => true,
    };

    private static bool HasRefreshToken(RealmSettings realm, string grantType) =>
        realm.GrantTypes.Contains("refresh_token") && grantType is not (TokenGrantType.Implicit or TokenGrantType.ClientCredentials);

    private static RecordRefusal CheckRefreshToken(RealmSettings realm, TokenDraft draft) =>
        draft.RefreshToken is null ? RecordRefusal.None
        : !realm.GrantTypes.Contains("refresh_token") ? RecordRefusal.RefreshTokenUnsupported
        : draft.GrantType switch
        {
            TokenGrantType.Implicit => RecordRefusal.RefreshTokenOfImplicit,
            TokenGrantType.ClientCredentials => RecordRefusal.RefreshTokenOfClientCredentials,
            _ => RecordRefusal.None,
        };

    private async ValueTask<RecordResult> WriteAsync(
        CompiledCatalog catalog, RealmSettings realm, TokenDraft draft, Client client, Session? rules, IReadOnlyList<TokenProperty> properties, ChangeSet changes, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (draft.AccessToken is { } given && await IsTakenAsync(given, cancellationToken))
            {
                return RecordResult.Refused(RecordRefusal.AccessTokenInUse);
            }

            if (draft.RefreshToken is { } chosen && (string.Equals(chosen, draft.AccessToken, StringComparison.Ordinal) || await IsTakenAsync(chosen, cancellationToken)))
            {
                return RecordResult.Refused(RecordRefusal.RefreshTokenInUse);
            }

            var accessToken = draft.AccessToken ?? NewToken();
            var refreshToken = HasRefreshToken(realm, draft.GrantType) ? draft.RefreshToken ?? NewToken() : null;
            var now = time.GetUtcNow();
            var grant = GrantOf(realm, draft, client, rules, properties, accessToken, refreshToken, now);
            var session = TokenSession.Complete(rules ?? TokenSession.FromPolicy(catalog, client)!, grant, client, now);
            var hash = KeyHash.Of(accessToken);
            var inForce = keys.Merge(session);
            var (grantUntil, keyUntil) = GrantLifetime.StoredUntil(grant, inForce, lifetime.StoredUntil(inForce, catalog, isToken: true));
            var key = new IssuedKey(hash, TokenIssuer.KeyOf(grant, session, client), keyUntil);
            var refresh = refreshToken is null ? null : new IssuedRefreshToken(
                refreshToken,
                new RefreshToken { Realm = realm.Id, ClientId = client.Id, GrantId = grant.Id, Life = client.Life, AccessToken = hash.ToHex() },
                DateTimeOffset.FromUnixTimeMilliseconds(grant.RefreshExpires));
            var stored = await changes.CommitAsync(
                [Change.Added("grant", grant.Id, realm.Id, madeUp: true), Change.Added("token", hash.ToHex(), realm.Id, madeUp: draft.AccessToken is null)],
                () => AddAsync(grant, grantUntil, key, refresh, cancellationToken));
            if (stored)
            {
                return RecordResult.Of(RecordMapper.Map(new LoadedRecord(new(grant, 0, null), new(key.Key, 0, null), client), now), accessToken, refreshToken);
            }
        }
    }

    private async ValueTask<bool> AddAsync(Grant grant, DateTimeOffset? until, IssuedKey key, IssuedRefreshToken? refresh, CancellationToken cancellationToken)
    {
        if (!await records.AddAsync(grant, until, key, refresh, cancellationToken))
        {
            return false;
        }

        // A value of the caller's own may have been tried before, and be known as unknown.
        await invalidations.PublishKeyAsync(key.Hash, CancellationToken.None);
        return true;
    }

    // A value that reads like the hash of another token would name that one too.
    private async ValueTask<bool> IsTakenAsync(string value, CancellationToken cancellationToken) =>
        await records.IsTakenAsync(KeyHash.Of(value), cancellationToken) || (KeyHash.TryParseBase64Url(value, out var hash) && await records.IsTakenAsync(hash, cancellationToken));

    private static Grant GrantOf(
        RealmSettings realm, TokenDraft draft, Client client, Session? rules, IReadOnlyList<TokenProperty> properties, string accessToken, string? refreshToken, DateTimeOffset now)
    {
        var subject = draft.GrantType is TokenGrantType.ClientCredentials ? "" : draft.Subject;
        var refreshes = Duration(draft.RefreshTokenDuration, realm.RefreshTokenLifetime, RecordScopes.RefreshTokenDuration(realm, draft.Scopes));
        return new Grant
        {
            Id = TokenText.Hex(),
            Realm = realm.Id,
            ClientId = client.Id,
            GrantType = draft.GrantType,
            Subject = subject,
            Scope = RecordScopes.Join(draft.Scopes.Distinct(StringComparer.Ordinal)),
            Rules = rules,
            RulesAreProperties = true,
            Properties = properties,
            Details = subject.Length > 0 ? draft.Details : draft.Details with { Acr = null, AuthTime = 0 },
            Life = client.Life,
            AccessToken = KeyHash.Of(accessToken).ToHex(),
            AccessExpires = draft.IsPersistent ? 0 : (now + Duration(draft.AccessTokenDuration, realm.AccessTokenLifetime, RecordScopes.AccessTokenDuration(realm, draft.Scopes))).ToUnixTimeMilliseconds(),
            RefreshToken = refreshToken is null ? null : KeyHash.Of(refreshToken).ToHex(),
            RefreshExpires = refreshToken is null ? 0 : (now + refreshes).ToUnixTimeMilliseconds(),
            Created = now.ToUnixTimeMilliseconds(),
        };
    }

    // What was asked for, else the shortest of what the realm and the scopes say (spec/authlete.md 3.2).
    private static TimeSpan Duration(long asked, TimeSpan realm, long? scopes) =>
        TimeSpan.FromSeconds(Math.Min(LongestDuration, asked > 0 ? asked : Math.Min(realm.TotalSeconds, scopes ?? long.MaxValue)));
}
