using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeAuth.Catalog;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Sessions;

/// <summary>
/// The sessions of identities that JWTs name: one for each organisation and identity, an ordinary Key that management can look at and switch off
/// (spec/tyk.md d.3). Written when an identity is new or its expiry must move, not with every token; one that is not used goes after a while.
/// </summary>
internal sealed class IdentityKeys(
    KeyRepository keys,
    KeyService service,
    SessionCache sessions,
    Freshness freshness,
    Invalidations invalidations,
    KeyLifetime lifetime,
    RulesInterner rules,
    TimeProvider time,
    IOptions<SessionsOptions> options)
{
    private const int Attempts = 8;

    private readonly SingleFlight<KeyHash, SessionEntry?> _flights = new();

    /// <summary>Where the session of an identity is stored: under organisation and MD5 of the identity, the name that Tyk's scripts look for. It is no secret.</summary>
    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "A name on the wire; nothing is trusted because of it.")]
    public static KeyHash HashOf(string org, string identity) => KeyHash.Of(org, Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(identity))));

    /// <summary>The stored session of an identity, created or brought up to date if it must be; null when it changes faster than it can be read.</summary>
    public async ValueTask<SessionEntry?> FindOrCreateAsync(JwtIdentity identity, CancellationToken cancellationToken)
    {
        var hash = HashOf(identity.OrgId, identity.Name);
        var entry = sessions.TryGet(hash, time.GetTimestamp(), time.GetUtcNow());
        if (entry is not { State: SessionState.Alive })
        {
            entry = await sessions.LoadAsync(hash, cancellationToken);
        }

        if (Serves(entry, identity))
        {
            return entry;
        }

        try
        {
            return await _flights.JoinAsync(hash, (_, flight) => WriteAsync(hash, identity, flight)).WaitAsync(cancellationToken);
        }
        catch (Exception error) when (StoreTrouble.Is(error) && entry is { State: SessionState.Alive, IsIdentity: true } && freshness.MayStandIn(time.GetTimestamp()))
        {
            // Its expiry moves once the store is back.
            return entry;
        }
    }

    /// <summary>What is in force for a token: the identity's session under the policies of the token at hand.</summary>
    /// <param name="stored">The identity's session.</param>
    /// <param name="identity">What the token says.</param>
    /// <param name="validUntil">The last second in which the token is taken; null for ever.</param>
    public SessionEntry Derive(SessionEntry stored, JwtIdentity identity, long? validUntil)
    {
        var own = stored.Rules!.Rules;
        var expires = stored.Expires <= 0 ? 0 : Math.Max(stored.Expires, validUntil ?? 0);
        var policies = identity.PolicyIds;
        return expires == stored.Expires && own.PolicyIds.SequenceEqual(policies, StringComparer.Ordinal) && own.MetaData?.ContainsKey(PolicyMerge.InlinePolicies) != true
            ? stored
            : stored.With(rules.Intern(own with { ApplyPolicies = policies, ApplyPolicyId = null, MetaData = WithoutPolicies(own.MetaData) }), expires);
    }

    // The session expires no earlier than the token.
    private static bool Serves(SessionEntry entry, JwtIdentity identity) =>
        entry is { State: SessionState.Alive, IsIdentity: true } && (entry.Expires <= 0 || identity.Expires is not { } expires || expires <= entry.Expires);

    private async Task<SessionEntry?> WriteAsync(KeyHash hash, JwtIdentity identity, SingleFlight<KeyHash, SessionEntry?>.Flight flight)
    {
        SessionEntry? entry = null;
        for (var attempt = 0; attempt < Attempts && (entry is null || !Serves(entry, identity)); attempt++)
        {
            await WriteOnceAsync(hash, identity);
            entry = await sessions.LoadAsync(hash, CancellationToken.None);
        }

        flight.End();
        return entry is { State: SessionState.Alive } ? entry : null;
    }

    private async ValueTask WriteOnceAsync(KeyHash hash, JwtIdentity identity)
    {
        if (await keys.FindAsync(hash, CancellationToken.None) is not { } read)
        {
            // Nobody can have cached what is new but as unknown, which other nodes believe for a second and then ask again.
            await keys.AddAsync(hash, New(identity, out var until), until, CancellationToken.None);
            invalidations.Apply([KeyRepository.IdOf(hash)]);
            return;
        }

        var session = read.Value.Session;
        var now = time.GetUtcNow();
        if (session.Expires > 0 && identity.Expires > session.Expires)
        {
            // Twice as far as the token reaches, so that tokens made one after the other do not cost a write each.
            session = session with
            {
                Expires = Saturated(identity.Expires.Value, Math.Max(0, identity.Expires.Value - now.ToUnixTimeSeconds())),
                LastUpdated = now.ToUnixTimeSeconds().ToString(),
            };
        }

        var changed = read.Value with { IsIdentity = true, Session = session };
        if (changed != read.Value && await keys.PutAsync(hash, changed, session.IsInactive ? null : StoredUntil(session, identity.Catalog, now), read.Version, CancellationToken.None))
        {
            await invalidations.PublishKeyAsync(hash, CancellationToken.None);
        }
    }

    private StoredKey New(JwtIdentity identity, out DateTimeOffset storedUntil)
    {
        var now = time.GetUtcNow();
        var lifetimes = identity.Policies.Where(static policy => policy.KeyExpiresIn > 0).ToList();
        long? byPolicy = lifetimes.Count > 0 ? Saturated(now.ToUnixTimeSeconds(), lifetimes[^1].KeyExpiresIn) : null;
        var session = new Session
        {
            OrgId = identity.OrgId,
            ApplyPolicies = identity.PolicyIds,
            Alias = identity.Name,
            Expires = Math.Max(byPolicy ?? 0, identity.Expires ?? 0),
            DateCreated = KeyService.Rfc3339(now),
            LastUpdated = now.ToUnixTimeSeconds().ToString(),
        };
        storedUntil = StoredUntil(session, identity.Catalog, now);
        return new StoredKey { Session = session, IsIdentity = true };
    }

    private static IReadOnlyDictionary<string, JsonElement>? WithoutPolicies(IReadOnlyDictionary<string, JsonElement>? metaData) =>
        metaData?.ContainsKey(PolicyMerge.InlinePolicies) == true
            ? metaData.Where(static member => member.Key is not PolicyMerge.InlinePolicies).ToDictionary(StringComparer.Ordinal)
            : metaData;

    // Bounded whatever the token says: what has gone is made again by the next token.
    private DateTimeOffset StoredUntil(Session session, CompiledCatalog catalog, DateTimeOffset now)
    {
        var longest = now + options.Value.ExpiredKeyRetention;
        return lifetime.StoredUntil(service.Merge(session), catalog, isToken: false) is { } until && until < longest ? until : longest;
    }

    private static long Saturated(long left, long right) => left > long.MaxValue - right ? long.MaxValue : left + right;
}
