using System.Collections.Frozen;
using System.Text.RegularExpressions;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Settings;

namespace EdgeAuth.Sessions;

/// <summary>
/// Compiles the rules of sessions for one generation, once for each content and organisation. What was not used for long is compiled anew,
/// since every key may bring rules of its own.
/// </summary>
/// <param name="catalog">The generation.</param>
/// <param name="mostCompiled">How many compiled rules are kept.</param>
internal sealed partial class RightsCompiler(CompiledCatalog catalog, int mostCompiled = RightsCompiler.MostCompiled)
{
    private const int MostCompiled = 32 * 1024;
    private const int MostPatterns = 4 * 1024;

    private readonly RecentlyUsedCache<(string Fingerprint, string Org), CompiledRights> _compiled = new(mostCompiled);
    private readonly RecentlyUsedCache<string, Regex?> _patterns = new(MostPatterns);

    public CompiledCatalog Catalog => catalog;

    public CompiledRights Compile(KeyRules rules, string apiOrg)
    {
        var key = (rules.Fingerprint, apiOrg);
        return _compiled.TryGet(key, out var compiled) ? compiled : _compiled.GetOrAdd(key, CompileAnew(rules.Rules, apiOrg));
    }

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
            new StoredQuota(session.QuotaMax, session.QuotaRemaining, session.QuotaRenews));
        if (session.AccessRights.Count == 0)
        {
            return new CompiledRights(session.IsInactive, FrozenDictionary<string, ApiRights>.Empty, new ApiRights([], matchesStripped: false, Slot(own, slots), []), slots.Count);
        }

        var apis = session.AccessRights.ToFrozenDictionary(
            static right => right.Key,
            right => CompileRight(right.Value, own, slots),
            StringComparer.Ordinal);
        return new CompiledRights(session.IsInactive, apis, everywhere: null, slots.Count);
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
                new StoredQuota(own.QuotaMax, own.QuotaRemaining, own.QuotaRenews));
        }

        return new ApiRights(
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
        _patterns.TryGet(text, out var pattern) ? pattern : _patterns.GetOrAdd(text, Compile(text, catalog.Settings.Tyk.HttpServerOptions));

    // The three modes of spec/tyk.md d.2: search anywhere, from the start, up to the end.
    private static Regex? Compile(string text, TykServerSettings settings)
    {
        var pattern = OneSegment().Replace(PathPattern.ReplacePlaceholders(text), "/[^/]+").Replace("/*", "/(?s:.*)", StringComparison.Ordinal);
        if (settings.EnablePathPrefixMatching && pattern.StartsWith('/'))
        {
            pattern = "^" + pattern;
        }

        return PathPattern.Compile(settings.EnablePathSuffixMatching ? pattern + "$" : pattern, ignoreCase: false);
    }

    // Several in a row share their slashes.
    [GeneratedRegex(@"/\*(?=/)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OneSegment();
}
