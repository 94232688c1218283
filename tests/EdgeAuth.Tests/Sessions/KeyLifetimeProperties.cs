using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Sessions;
using EdgeAuth.Tests.TestHost;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Tests.Sessions;

/// <summary>How long a key is stored, in the order of spec c.4, for every combination of what may be said of it.</summary>
public sealed class KeyLifetimeProperties
{
    private const long TokenRetention = 3600;
    private const long KeyRetention = 30 * 86400;

    // Whatever is longer than this only has to be long.
    private const decimal Ages = 500m * 365 * 86400;

    private static readonly FakeTime Time = new();
    private static readonly long Now = Time.GetUtcNow().ToUnixTimeSeconds();
    private static readonly KeyLifetime Lifetime = new(Options.Create(new SessionsOptions()), Time);

    private static readonly Dictionary<(long Global, bool Force, bool Respect), CompiledCatalog> Catalogs =
        (from global in new[] { 0, 45L }
         from force in new[] { false, true }
         from respect in new[] { false, true }
         select (global, force, respect)).ToDictionary(static key => key, static key => TestHost.Catalogs.Compile(
            [
                Definitions.Keys("none", "http://127.0.0.1:9"),
                Definitions.Keys("brief", "http://127.0.0.1:9").With("session_lifetime", 60),
                Definitions.Keys("longer", "http://127.0.0.1:9").With("session_lifetime", 90),
                Definitions.Keys("respectful", "http://127.0.0.1:9").With("session_lifetime", 30).With("session_lifetime_respects_key_expiration", true),
            ],
            tyk: settings => (settings.GlobalSessionLifetime, settings.ForceGlobalSessionLifetime, settings.SessionLifetimeRespectsKeyExpiration) = key));

    [Fact]
    public Task Key_IsStored_ForAsLongAsTheSpecSays() => Properties.HoldsAsync(Cases, 5000, static run =>
    {
        var until = Lifetime.StoredUntil(run.Session, Catalogs[(run.Global, run.Force, run.Respect)], run.IsToken);

        var expected = Seconds(run);
        if (expected > Ages)
        {
            Assert.True(until is null || until > Time.GetUtcNow().AddSeconds((double)Ages));
        }
        else
        {
            Assert.Equal(expected, until?.ToUnixTimeSeconds() - Now);
        }
    });

    // Seconds from now; null for ever.
    private static decimal? Seconds(Case run)
    {
        var session = run.Session;
        decimal? expires = session.Expires > 0 ? (decimal)session.Expires - Now : null;
        if (run.Force)
        {
            return run.Global > 0 ? run.Global : null;
        }

        if (session.PostExpiryAction is "delete")
        {
            return expires;
        }

        if (session.PostExpiryAction is "retain" && session.PostExpiryGracePeriod != 0)
        {
            return session.PostExpiryGracePeriod < 0 ? null : expires + session.PostExpiryGracePeriod;
        }

        decimal[] ofApis = [.. session.AccessRights.Keys.Select(static api => api switch { "brief" => 60m, "longer" => 90m, "respectful" => 30m, _ => 0m })];
        var lifetime = session.SessionLifetime > 0 ? session.SessionLifetime : ofApis.Length == 0 || ofApis.Min() == 0 ? 0 : ofApis.Max();
        if (lifetime > 0)
        {
            return !run.Respect && !session.AccessRights.ContainsKey("respectful") ? lifetime : expires is { } end ? Math.Max(lifetime, end) : null;
        }

        // For ever, by the letter; an expired one is swept once nobody needs to be told any more.
        return expires is null ? null : Math.Max(0, expires.Value) + (run.IsToken ? TokenRetention : KeyRetention);
    }

    private static Gen<Case> Cases =>
        from expires in Gen.Elements(0, -1, 1, Now - 100, Now, Now + 50, Now + 100, Now + 90_000, long.MaxValue)
        from action in Gen.Elements(null, "", "delete", "retain", "other")
        from grace in Gen.Elements(0, -1, 50, long.MaxValue)
        from lifetime in Gen.Frequency((2, Gen.Constant(0L)), (1, Gen.Elements(-5, 1, 100, long.MaxValue)))
        from apis in Gen.SubListOf("none", "brief", "longer", "respectful", "unheard-of")
        from global in Gen.Elements(0, 45L)
        from force in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        from respect in Gen.Frequency((2, Gen.Constant(false)), (1, Gen.Constant(true)))
        from isToken in Gen.Elements(true, false)
        let rights = apis.ToDictionary(static api => api, static _ => new AccessDefinition(), StringComparer.Ordinal)
        select new Case(new Session { Expires = expires, PostExpiryAction = action, PostExpiryGracePeriod = grace, SessionLifetime = lifetime, AccessRights = rights }, global, force, respect, isToken);

    private sealed record Case(Session Session, long Global, bool Force, bool Respect, bool IsToken)
    {
        public override string ToString() =>
            $"expires {Session.Expires - Now} {Session.PostExpiryAction} grace {Session.PostExpiryGracePeriod} lifetime {Session.SessionLifetime} on {string.Join(',', Session.AccessRights.Keys)}; global {Global} forced {Force} respect {Respect} token {IsToken}";
    }
}
