using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Sessions;

/// <summary>
/// Compiles the rules of sessions for one generation, once for each content and organisation. What was compiled lives as long as its rules, so
/// as long as a cached session has them; patterns are bounded, since every key may bring some of its own.
/// </summary>
internal sealed class RightsCompiler(CompiledCatalog catalog)
{
    internal const int MostPatterns = 4 * 1024;

    private readonly ConditionalWeakTable<KeyRules, ConcurrentDictionary<string, CompiledRights>> _compiled = [];
    private readonly RecentlyUsedCache<string, Regex?> _patterns = new(MostPatterns);

    public CompiledCatalog Catalog => catalog;

    public int PatternsKept => _patterns.Count;

    public CompiledRights Compile(KeyRules rules, string apiOrg) => _compiled
        .GetValue(rules, static _ => new(concurrencyLevel: 1, capacity: 1, StringComparer.Ordinal))
        .GetOrAdd(apiOrg, static (org, its) => its.Compiler.CompileAnew(its.Rules.Rules, org), (Compiler: this, Rules: rules));

    private CompiledRights CompileAnew(Session rules, string apiOrg)
    {
        var merged = PolicyMerge.Apply(rules, id => catalog.Policies.GetValueOrDefault(id), apiOrg);
        if (merged.Session is not { } session)
        {
            return CompiledRights.Failed(merged.Failure!);
        }

        var slots = new Dictionary<LimitSpec, int>();
        var own = new LimitSpec(
            RateLimit.Of(session.Rate, session.Per),
            QuotaLimit.Of(session.QuotaMax, session.QuotaRenewalRate),
            Scope: "",
            RateScope: "",
            new StoredQuota(session.QuotaMax, session.QuotaRemaining, session.QuotaRenews))
        {
            Throttle = Throttle.Of(session.ThrottleInterval, session.ThrottleRetryLimit),
        };
        var everywhere = session.AccessRights.Count == 0 ? new ApiRights(versions: null, [], matchesStripped: false, Slot(own, slots), []) : null;
        var apis = session.AccessRights.ToFrozenDictionary(
            static right => right.Key,
            right => CompileRight(right.Value, own, slots),
            StringComparer.Ordinal);
        return new CompiledRights(session.IsInactive, apis, everywhere, slots.Count)
        {
            Session = own,
            StoredRate = new StoredRate(session.Rate, session.Per),
            MetaData = session.MetaData,
        };
    }

    private ApiRights CompileRight(AccessDefinition access, LimitSpec session, Dictionary<LimitSpec, int> slots)
    {
        var limit = session;
        if (access.EffectiveLimit is { } own)
        {
            limit = new LimitSpec(
                RateLimit.Of(own.Rate, own.Per),
                QuotaLimit.Of(own.QuotaMax, own.QuotaRenewalRate),
                access.AllowanceScope,
                access.AllowanceScope,
                new StoredQuota(own.QuotaMax, own.QuotaRemaining, own.QuotaRenews))
            {
                Throttle = Throttle.Of(own.ThrottleInterval, own.ThrottleRetryLimit),
            };
        }

        return new ApiRights(
            access.Versions.ToFrozenSet(StringComparer.Ordinal),
            [.. access.AllowedUrls.Select(url => new UrlRule(url, Pattern(url.Url)))],
            catalog.Settings.Tyk.HttpServerOptions.EnablePathPrefixMatching,
            Slot(limit, slots),
            [.. (access.Endpoints ?? []).Select(endpoint => CompileEndpoint(endpoint, limit, slots))]);
    }

    private EndpointRule CompileEndpoint(EndpointAccess endpoint, LimitSpec limit, Dictionary<LimitSpec, int> slots) => new(
        Pattern(endpoint.Path),
        [.. endpoint.Methods.Select(method => (method.Name, Slot(
            limit with
            {
                Rate = RateLimit.Of(method.Limit.Rate, method.Limit.Per),
                RateScope = $"{limit.Scope}|{method.Name.ToUpperInvariant()} {endpoint.Path}",
            },
            slots)))]);

    // Equal limits under equal scopes share their counters.
    private static SlottedLimit Slot(LimitSpec limit, Dictionary<LimitSpec, int> slots)
    {
        if (!slots.TryGetValue(limit, out var slot))
        {
            slots.Add(limit, slot = slots.Count);
        }

        return new SlottedLimit(slot, limit);
    }

    private Regex? Pattern(string text) =>
        _patterns.TryGet(text, out var pattern) ? pattern : _patterns.GetOrAdd(text, PathPattern.Compile(text, ignoreCase: false, catalog.Settings.Tyk.HttpServerOptions));
}
