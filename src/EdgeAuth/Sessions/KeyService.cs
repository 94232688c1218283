using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Writing;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Sessions;

/// <summary>Creates, shows, changes and deletes Keys (spec/tyk.md f.1).</summary>
internal sealed partial class KeyService(
    KeyRepository keys,
    SessionLoader loader,
    KeyLifetime lifetime,
    SecretHasher secrets,
    Invalidations invalidations,
    CatalogHolder catalogs,
    TimeProvider time,
    ILogger<KeyService> logger)
{
    /// <summary>A random token of an organisation.</summary>
    public static string NewToken(string org) => org + TokenText.Hex();

    /// <summary>The token that a name given by a caller stands for: the organisation is put in front unless it is there.</summary>
    public static string TokenOf(string org, string name) => name.StartsWith(org, StringComparison.Ordinal) ? name : org + name;

    /// <summary>The Key of a hash, if it is alive, as stored.</summary>
    public async ValueTask<Versioned<StoredKey>?> FindAsync(KeyHash hash, CancellationToken cancellationToken)
    {
        var loaded = await loader.LoadAsync(hash, cancellationToken);
        return loaded is { State: SessionState.Alive, Key: { } key } ? new(key, loaded.Version, loaded.StoredUntil) : null;
    }

    /// <summary>A session as it is in force: with its policies, or as it is when they cannot be applied.</summary>
    public Session Merge(Session session) =>
        PolicyMerge.Apply(session, FindPolicy, apiOrg: null).Session ?? session;

    /// <summary>A Key's session as it is in force. An identity that was switched off stays so, whatever its policies say.</summary>
    public Session Merge(StoredKey key) =>
        Merge(key.Session) is var merged && key is { IsIdentity: true, Session.IsInactive: true } ? merged with { IsInactive = true } : merged;

    /// <summary>
    /// Stores a new Key, or replaces the one of that name, and returns its token. An OAuth token stays what it is and ends with its
    /// Grant; an identity of JWTs stays one.
    /// </summary>
    /// <param name="org">The organisation, put in front of the name or of what is made up.</param>
    /// <param name="name">A name or token of the caller's own; null for a random one.</param>
    /// <param name="session">The rules.</param>
    /// <param name="resetCounters">Starts its quotas anew.</param>
    /// <param name="changes">Carries the change out.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public async ValueTask<(KeyWriteResult Result, string Token)> CreateAsync(string org, string? name, Session session, bool resetCounters, ChangeSet changes, CancellationToken cancellationToken)
    {
        var token = name is null ? NewToken(org) : TokenOf(org, name);
        var created = New(session);
        var hash = KeyHash.Of(token);
        while (true)
        {
            var found = name is null ? null : await FindAsync(hash, cancellationToken);
            var change = found is null ? Change.Added("key", hash.ToHex(), madeUp: name is null) : Change.Modified(KindOf(found.Value.Value), hash.ToHex());
            var result = await WriteAsync(hash, created, found is { } known && (known.Value.GrantId is not null || known.Value.IsIdentity) ? known : null, resetCounters, change, changes, cancellationToken);
            if (result.Outcome != KeyWriteOutcome.Overtaken)
            {
                return (result, token);
            }
        }
    }

    /// <summary>What a new Key's session would be in force as, and whether it could be; nothing is stored.</summary>
    public (KeyWriteResult Result, Session InForce) Preview(Session session)
    {
        var created = New(session);
        if (Check(created) is { } broken)
        {
            return (KeyWriteResult.Invalid(broken), created);
        }

        var merged = PolicyMerge.Apply(created, FindPolicy, apiOrg: null);
        return merged.Failure is { } failure ? (KeyWriteResult.PoliciesFailed(failure), created) : (KeyWriteResult.Written, merged.Session!);
    }

    /// <summary>Replaces the session of a Key that was read.</summary>
    public async ValueTask<KeyWriteResult> UpdateAsync(KeyHash hash, Versioned<StoredKey> existing, Session session, bool resetCounters, ChangeSet changes, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var old = existing.Value.Session;
        var updated = session with
        {
            DateCreated = old.DateCreated,
            LastUpdated = now.ToUnixTimeSeconds().ToString(),

            // An edit that sends back an old expiry does not end the key; to end it, delete it (spec/tyk.md f.1).
            Expires = session.Expires > 1 && Session.HasExpired(session.Expires, now) ? old.Expires : session.Expires,
            BasicAuthData = session.BasicAuthData is { Password.Length: > 0 } ? session.BasicAuthData : old.BasicAuthData,

            // Without its secret the name, which stands in every token, would be a credential.
            JwtData = session.JwtSecret is null ? old.JwtData ?? session.JwtData : session.JwtData,
            OauthClientId = session.OauthClientId.Length == 0 && existing.Value.GrantId is not null ? old.OauthClientId : session.OauthClientId,
        };
        return await WriteAsync(hash, updated, existing, resetCounters, Change.Modified(KindOf(existing.Value), hash.ToHex()), changes, cancellationToken);
    }

    /// <summary>Removes a Key and its counters. Announced also when there is none, so that a retry heals a crash.</summary>
    /// <param name="hash">The Key.</param>
    /// <param name="found">What is there; null for nothing.</param>
    /// <param name="changes">Carries the change out.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public ValueTask DeleteAsync(KeyHash hash, Versioned<StoredKey>? found, ChangeSet changes, CancellationToken cancellationToken) => changes.CommitAsync(
        found is null ? [] : [Change.Deleted(KindOf(found.Value.Value), hash.ToHex())],
        async () =>
        {
            await keys.EndAsync(hash, found, cancellationToken);
            await AnnounceAsync(hash, found?.Value, resetCounters: true, cancellationToken);
        });

    /// <summary>What keeps a session from being stored, or null.</summary>
    public static string? Check(Session session)
    {
        const string Reason = "per must be greater than 0 when rate is set";
        var broken = session is { Rate: > 0, Per: <= 0 }
            || session.AccessRights.Values.Any(static right => right.Limit is { Rate: > 0, Per: <= 0 }
                || right.Endpoints?.Any(static endpoint => endpoint.Methods.Any(static method => method.Limit is { Rate: > 0, Per: <= 0 })) == true);
        return broken ? Reason : null;
    }

    private Session New(Session session)
    {
        var now = time.GetUtcNow();
        return session with
        {
            DateCreated = Rfc3339(now),
            LastUpdated = now.ToUnixTimeSeconds().ToString(),
            Expires = NewExpiry(session, now),
            QuotaRenews = session.QuotaRenewalRate > 0 ? Saturated(now.ToUnixTimeSeconds(), session.QuotaRenewalRate) : session.QuotaRenews,
        };
    }

    private async ValueTask<KeyWriteResult> WriteAsync(KeyHash hash, Session session, Versioned<StoredKey>? read, bool resetCounters, Change change, ChangeSet changes, CancellationToken cancellationToken)
    {
        var existing = read?.Value;
        if (Check(session) is { } broken)
        {
            return KeyWriteResult.Invalid(broken);
        }

        var merged = PolicyMerge.Apply(session, FindPolicy, apiOrg: null);
        var failure = merged.Failure ?? CheckOrganisations(session, merged.Session!);
        if (failure is not null)
        {
            return KeyWriteResult.PoliciesFailed(failure);
        }

        var catalog = catalogs.Current;
        var inForce = merged.Session!;
        if (inForce.AccessRights.Count == 0 && !catalog.Settings.Tyk.AllowMasterKeys && existing?.GrantId is null)
        {
            return KeyWriteResult.NoRights;
        }

        WarnOfUnknownApis(inForce, catalog, hash);
        var written = await WithHashedPasswordAsync(WithoutForeignScopes(session), existing, cancellationToken);
        var stored = existing is null ? new StoredKey { Session = written } : existing with { Session = written, RulesAreProperties = false };

        // An identity's session comes back with its next token; one that was switched off must not come back switched on.
        var storedUntil = stored is { IsIdentity: true, Session.IsInactive: true } ? null : lifetime.StoredUntil(inForce, catalog, stored.GrantId is not null);
        var isStored = await changes.CommitAsync([change], () => PutAsync(hash, stored, storedUntil, read?.Version, resetCounters && !KeepsCounters(inForce, catalog), cancellationToken));
        return isStored ? KeyWriteResult.Written : KeyWriteResult.Overtaken;
    }

    private async ValueTask<bool> PutAsync(KeyHash hash, StoredKey key, DateTimeOffset? storedUntil, long? version, bool resetCounters, CancellationToken cancellationToken)
    {
        await keys.KeepParentsAsync(key, storedUntil, cancellationToken);

        if (!await keys.PutAsync(hash, key, storedUntil, version, cancellationToken))
        {
            return false;
        }

        await AnnounceAsync(hash, key, resetCounters, cancellationToken);
        return true;
    }

    private static string KindOf(StoredKey key) => key.GrantId is null ? "key" : "token";

    // Whatever becomes of the counters, a key that was written is announced.
    private async ValueTask AnnounceAsync(KeyHash hash, StoredKey? key, bool resetCounters, CancellationToken cancellationToken)
    {
        if (!resetCounters)
        {
            await invalidations.PublishKeyAsync(hash, cancellationToken);
            return;
        }

        var owner = key?.CountsUnder ?? hash.ToHex();
        try
        {
            await keys.ResetCountersAsync(owner, cancellationToken);
        }
        finally
        {
            await invalidations.PublishKeyAndCountersAsync(hash, owner, cancellationToken);
        }
    }

    private Policy? FindPolicy(string id) => catalogs.Current.Policies.GetValueOrDefault(id);

    // The policies must be applicable on every API they grant, or the key would be refused there.
    private string? CheckOrganisations(Session session, Session merged)
    {
        if (session.PolicyIds.Count == 0)
        {
            return null;
        }

        foreach (var id in merged.AccessRights.Keys)
        {
            if (catalogs.Current.Apis.TryGetValue(id, out var api) && PolicyMerge.Apply(session, FindPolicy, api.OrgId).Failure is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    // A policy's key_expires_in gives a new key its expiry, once (spec/tyk.md e.1).
    private long NewExpiry(Session session, DateTimeOffset now)
    {
        var seconds = session.PolicyIds.Select(FindPolicy).LastOrDefault(static policy => policy is { KeyExpiresIn: > 0 })?.KeyExpiresIn;
        return seconds is { } lifetime ? Saturated(now.ToUnixTimeSeconds(), lifetime) : session.Expires;
    }

    private async ValueTask<Session> WithHashedPasswordAsync(Session session, StoredKey? existing, CancellationToken cancellationToken)
    {
        if (session.BasicAuthData is not { Password.Length: > 0 } data || data == existing?.Session.BasicAuthData)
        {
            return session;
        }

        return session with { BasicAuthData = new BasicAuthData { Password = await secrets.HashAsync(data.Password, cancellationToken), HashType = "pbkdf2" } };
    }

    private static Session WithoutForeignScopes(Session session) =>
        session.PolicyIds.Count > 0 || session.MetaData?.ContainsKey(PolicyMerge.InlinePolicies) == true ? session : PolicyMerge.Apply(session, static _ => null, apiOrg: null).Session ?? session;

    private static bool KeepsCounters(Session session, CompiledCatalog catalog) =>
        session.AccessRights.Count > 0
        && session.AccessRights.Keys.All(id => catalog.Apis.TryGetValue(id, out var api) && api.Definition.DontSetQuotaOnCreate);

    private void WarnOfUnknownApis(Session session, CompiledCatalog catalog, KeyHash hash)
    {
        foreach (var id in session.AccessRights.Keys.Where(id => !catalog.Apis.ContainsKey(id)))
        {
            Log.UnknownApi(logger, hash.ToString(), id);
        }
    }

    private static long Saturated(long left, long right) => left > long.MaxValue - right ? long.MaxValue : left + right;

    internal static string Rfc3339(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static partial class Log
    {
        [LoggerMessage(210, LogLevel.Warning, "Key {Key} grants API {Api}, which is not loaded", EventName = "KeyGrantsUnknownApi")]
        public static partial void UnknownApi(ILogger logger, string key, string api);
    }
}
