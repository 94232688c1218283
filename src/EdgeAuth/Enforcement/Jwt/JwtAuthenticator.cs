using System.Text;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Jwt;
using EdgeAuth.Sessions;

namespace EdgeAuth.Enforcement.Jwt;

/// <summary>
/// Finds the session of a JWT (spec/tyk.md d.3). A token is verified once, and then found by its hash until its time is over or what it was
/// verified against changes.
/// </summary>
internal sealed class JwtAuthenticator(JwksSources sources, SessionCache sessions, IdentityKeys identities, ClientDirectory clients, TimeProvider time)
{
    internal const int MostVerdicts = 100_000;
    internal const int MostRefusals = 10_000;

    private static readonly TimeSpan RefusalLifetime = TimeSpan.FromSeconds(1);

    // A client created for the first time is not announced.
    private static readonly TimeSpan AbsenceLifetime = TimeSpan.FromSeconds(10);

    private readonly RecentlyUsedCache<KeyHash, JwtVerdict> _verdicts = new(MostVerdicts);
    private readonly RecentlyUsedCache<KeyHash, JwtVerdict> _refusals = new(MostRefusals);

    /// <summary>Who a request's token is for.</summary>
    public ValueTask<Identity> IdentifyAsync(in Call call, AuthMethod method)
    {
        var failure = CredentialReader.Read(call.Context.Request, method, out var credential);
        if (failure != RefusalReason.None)
        {
            return new(Identity.Refuse(failure));
        }

        if (credential.Length > JwtToken.Longest)
        {
            return new(Identity.Refuse(RefusalReason.CredentialMalformed));
        }

        var settings = call.Api.Jwt!;
        var hash = KeyHash.Of(settings.HashPrefix, credential);
        return TryGet(call.Api, hash, time.GetTimestamp(), time.GetUtcNow()) is { } verdict
            ? new(new Identity(verdict.Failure, verdict.Session))
            : VerifyAsync(call.Api, settings, hash, credential.ToString(), call.Aborted);
    }

    private async ValueTask<Identity> VerifyAsync(CompiledApi api, JwtSettings settings, KeyHash hash, string text, CancellationToken cancellationToken)
    {
        try
        {
            var verdict = await JudgeAsync(api, settings, hash, text, cancellationToken);
            return new Identity(verdict.Failure, verdict.Session);
        }
        catch (Exception error) when (StoreTrouble.Is(error))
        {
            return Identity.Refuse(RefusalReason.StoreUnavailable);
        }
    }

    // Null when the token must be verified.
    private JwtVerdict? TryGet(CompiledApi api, in KeyHash hash, long now, DateTimeOffset utcNow)
    {
        var seconds = JwtTimes.SecondsOf(utcNow);
        if (_verdicts.TryGet(hash, out var verdict))
        {
            if (verdict.Stands(api, now, seconds) && ReferenceEquals(sessions.TryGet(verdict.Stored!.Hash, now, utcNow), verdict.Stored))
            {
                return verdict;
            }

            // It would come back to life when the clock is set back, and what the token was refused for since is remembered.
            _verdicts.Remove(hash, static _ => { });
        }

        return _refusals.TryGet(hash, out verdict) && verdict.Stands(api, now, seconds) ? verdict : null;
    }

    private async ValueTask<JwtVerdict> JudgeAsync(CompiledApi api, JwtSettings settings, KeyHash hash, string text, CancellationToken cancellationToken)
    {
        var token = JwtToken.Read(text);
        if (token is null || JwtTimes.Read(token.Claims, settings) is not { } times)
        {
            return Refuse(api, RefusalReason.CredentialMalformed);
        }

        if (!JwtAlgorithms.Has(settings.Family, token.Algorithm))
        {
            return Refuse(api, RefusalReason.AlgorithmForbidden);
        }

        var verdict = settings.Source is { } source
            ? await VerifyCentralAsync(api, settings, source, token, times, cancellationToken)
            : await VerifyOwnAsync(api, settings, token, times, cancellationToken);
        if (verdict.Session is not null)
        {
            _verdicts.Set(hash, verdict);
        }
        else if (verdict.RecheckAt < long.MaxValue)
        {
            _refusals.Set(hash, verdict);
        }

        return verdict;
    }

    private async ValueTask<JwtVerdict> VerifyCentralAsync(CompiledApi api, JwtSettings settings, JwtSource from, JwtToken token, JwtTimes times, CancellationToken cancellationToken)
    {
        JwksSource? source = null;
        IReadOnlyList<JwtKey> keys;
        if (from.KeySet is { } url)
        {
            source = sources.For(url);
            keys = (await source.GetAsync(token.KeyId, cancellationToken)).Find(token.KeyId, token.Algorithm);
            if (keys.Count == 0)
            {
                return Refuse(api, source.IsFailing ? RefusalReason.StoreUnavailable : RefusalReason.CredentialUnknown);
            }
        }
        else
        {
            keys = [new JwtKey(from.Key!)];
        }

        var (failure, key) = await JwtVerifier.VerifyAsync(token, times, keys, settings, JwtTimes.SecondsOf(time.GetUtcNow()));
        if (failure != RefusalReason.None)
        {
            return Refuse(api, failure, source);
        }

        if (settings.IdentityClaims.Select(claim => JwtClaims.FindText(token.Claims, claim)).FirstOrDefault(static name => name is not null) is not { } name)
        {
            return Refuse(api, RefusalReason.CredentialUnknown, source);
        }

        var client = await FindClientAsync(api, settings, token, cancellationToken);
        failure = JwtPolicies.Choose(api, settings, token, client is { PolicyId.Length: > 0 } ? client.PolicyId : null, out var policies);
        if (failure != RefusalReason.None)
        {
            return Refuse(api, failure, source);
        }

        var expires = JwtTimes.WholeSecond(times.Expires - settings.ExpiresAtSkew.TotalSeconds);
        var identity = new JwtIdentity(api.Catalog, api.OrgId, name, policies, expires);
        if (await identities.FindOrCreateAsync(identity, cancellationToken) is not { } stored)
        {
            return Refuse(api, RefusalReason.StoreUnavailable);
        }

        return Admit(api, times, key!, source, stored, identities.Derive(stored, identity, times.LastSecond), client);
    }

    // The key that the token names brings the secret (spec/tyk.md d.3, one to one).
    private async ValueTask<JwtVerdict> VerifyOwnAsync(CompiledApi api, JwtSettings settings, JwtToken token, JwtTimes times, CancellationToken cancellationToken)
    {
        var name = (settings.SkipsKeyId ? null : token.KeyId)
            ?? settings.IdentityClaims.Select(claim => JwtClaims.FindText(token.Claims, claim)).FirstOrDefault(static found => found is not null);
        if (name is null
            || await FindKeyAsync(api, name, cancellationToken) is not { JwtSecret: { } secret } stored
            || VerificationKey.Read(settings.Family, Encoding.UTF8.GetBytes(secret), out _) is not { } material
            || !material.Fits(token.Algorithm))
        {
            return Refuse(api, RefusalReason.CredentialUnknown);
        }

        var (failure, key) = await JwtVerifier.VerifyAsync(token, times, [new JwtKey(material)], settings, JwtTimes.SecondsOf(time.GetUtcNow()));
        return failure == RefusalReason.None ? Admit(api, times, key!, source: null, stored, stored, client: null) : Refuse(api, failure);
    }

    private async ValueTask<SessionEntry?> FindKeyAsync(CompiledApi api, string name, CancellationToken cancellationToken)
    {
        var entry = await FindSessionAsync(KeyHash.Of(name), cancellationToken);
        return entry.State != SessionState.Alive && api.OrgId.Length > 0 ? await FindSessionAsync(KeyHash.Of(api.OrgId, name), cancellationToken) is { State: SessionState.Alive } prefixed ? prefixed : null
            : entry.State == SessionState.Alive ? entry
            : null;
    }

    private async ValueTask<SessionEntry> FindSessionAsync(KeyHash hash, CancellationToken cancellationToken) =>
        sessions.TryGet(hash, time.GetTimestamp(), time.GetUtcNow()) ?? await sessions.LoadAsync(hash, cancellationToken);

    // Asked only where its policy would count.
    private async ValueTask<ClientStamp?> FindClientAsync(CompiledApi api, JwtSettings settings, JwtToken token, CancellationToken cancellationToken)
    {
        if (api.Realm is null || settings.DefaultPolicies.Count > 0 || JwtPolicies.Claimed(settings, token) is not null)
        {
            return null;
        }

        var id = settings.ClientClaims.Select(claim => JwtClaims.FindText(token.Claims, claim)).FirstOrDefault(static found => found is not null);
        return id is null ? null : clients.TryGet(api.Id, id, time.GetTimestamp()) ?? await clients.LoadAsync(api.Id, id, cancellationToken);
    }

    private JwtVerdict Admit(CompiledApi api, JwtTimes times, JwtKey key, JwksSource? source, SessionEntry stored, SessionEntry session, ClientStamp? client) => new()
    {
        // Policies decide whether a session is inactive, but management must be able to switch an identity off.
        Failure = stored is { IsIdentity: true, Rules.Rules.IsInactive: true } ? RefusalReason.KeyInactive : RefusalReason.None,
        Generation = api.Catalog.Identity,
        From = times.From,
        Until = times.Expires,
        RecheckAt = client is { Life: null } ? After(AbsenceLifetime) : long.MaxValue,
        Key = key,
        Source = source,
        Client = client,
        Stored = stored,
        Session = session,
    };

    // What cost the check of a signature is not checked again at once.
    private JwtVerdict Refuse(CompiledApi api, RefusalReason failure, JwksSource? source) => new()
    {
        Failure = failure,
        Generation = api.Catalog.Identity,
        RecheckAt = After(RefusalLifetime),
        Source = source,
    };

    private static JwtVerdict Refuse(CompiledApi api, RefusalReason failure) => new() { Failure = failure, Generation = api.Catalog.Identity };

    private long After(TimeSpan lifetime) => time.GetTimestamp() + (long)(lifetime.TotalSeconds * time.TimestampFrequency);
}
