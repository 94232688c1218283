using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Sessions;

/// <summary>What several policies together give on one API.</summary>
internal sealed class MergingRight(AccessDefinition first, long quotaRenews)
{
    private readonly List<string> _versions = [];
    private readonly OrderedDictionary<string, List<string>> _urls = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<(string Path, string Method), EndpointRate> _endpoints = [];
    private AccessDefinition _acl = first with { Versions = [], AllowedUrls = [], Limit = null, AllowanceScope = "", Endpoints = null };
    private ApiLimit _limit = new() { QuotaRenews = quotaRenews };

    /// <summary>True when a policy granted the API, not only limits on it.</summary>
    public bool HasAcl { get; private set; }

    public bool HasQuota { get; private set; }

    public bool HasRate { get; private set; }

    public bool HasDepth { get; private set; }

    /// <summary>The policy that granted it last, or the API's own id where it brought its own limit.</summary>
    public string GrantedBy { get; private set; } = "";

    /// <summary>The scope that a <c>per_api</c> policy set.</summary>
    public string Scope { get; set; } = "";

    /// <summary>Unions versions, URLs and field rights.</summary>
    public void Grant(AccessDefinition access, string grantedBy)
    {
        HasAcl = true;
        GrantedBy = grantedBy;
        _versions.AddRange(access.Versions.Except(_versions, StringComparer.Ordinal));
        foreach (var url in access.AllowedUrls)
        {
            if (!_urls.TryGetValue(url.Url, out var methods))
            {
                _urls.Add(url.Url, methods = []);
            }

            methods.AddRange(url.Methods.Except(methods, StringComparer.Ordinal));
        }

        _acl = _acl with
        {
            ApiName = access.ApiName.Length > 0 ? access.ApiName : _acl.ApiName,
            ApiId = access.ApiId.Length > 0 ? access.ApiId : _acl.ApiId,
            RestrictedTypes = JsonUnion.Of(_acl.RestrictedTypes, access.RestrictedTypes),
            AllowedTypes = JsonUnion.Of(_acl.AllowedTypes, access.AllowedTypes),
            FieldAccessRights = JsonUnion.Of(_acl.FieldAccessRights, access.FieldAccessRights),
            DisableIntrospection = _acl.DisableIntrospection || access.DisableIntrospection,
        };
    }

    public void MergeQuota(ApiLimit limit)
    {
        HasQuota = true;
        _limit = _limit with
        {
            QuotaMax = LimitComparison.Larger(_limit.QuotaMax, limit.QuotaMax),
            QuotaRenewalRate = Math.Max(_limit.QuotaRenewalRate, limit.QuotaRenewalRate),
        };
    }

    public void MergeRate(ApiLimit limit)
    {
        HasRate = true;
        var faster = LimitComparison.Faster(_limit, limit);
        _limit = _limit with
        {
            Rate = faster.Rate,
            Per = faster.Per,
            Smoothing = faster.Smoothing,
            ThrottleInterval = Math.Max(_limit.ThrottleInterval, limit.ThrottleInterval),
            ThrottleRetryLimit = Math.Max(_limit.ThrottleRetryLimit, limit.ThrottleRetryLimit),
        };
    }

    public void MergeDepth(ApiLimit limit)
    {
        HasDepth = true;
        _limit = _limit with { MaxQueryDepth = LimitComparison.Larger(_limit.MaxQueryDepth, limit.MaxQueryDepth) };
    }

    public void MergePerApi(ApiLimit limit)
    {
        MergeQuota(limit);
        MergeRate(limit);
        MergeDepth(limit);
        if (_limit.QuotaMax < 0)
        {
            _limit = _limit with { QuotaRenewalRate = 0 };
        }
    }

    public void MergeEndpoints(IReadOnlyList<EndpointAccess>? endpoints)
    {
        foreach (var endpoint in endpoints ?? [])
        {
            foreach (var method in endpoint.Methods)
            {
                var key = (endpoint.Path, method.Name.ToUpperInvariant());
                _endpoints[key] = _endpoints.TryGetValue(key, out var earlier) ? LimitComparison.Faster(earlier, method.Limit) : method.Limit;
            }
        }
    }

    /// <summary>The result, taking from the session what no policy gave.</summary>
    public AccessDefinition Finish(Session session, bool severalGrantors)
    {
        var limit = _limit;
        if (!HasRate)
        {
            limit = limit with
            {
                Rate = session.Rate,
                Per = session.Per,
                Smoothing = session.Smoothing,
                ThrottleInterval = session.ThrottleInterval,
                ThrottleRetryLimit = session.ThrottleRetryLimit,
            };
        }

        if (!HasQuota)
        {
            limit = limit with { QuotaMax = session.QuotaMax, QuotaRenewalRate = session.QuotaRenewalRate, QuotaRenews = session.QuotaRenews };
        }

        if (!HasDepth)
        {
            limit = limit with { MaxQueryDepth = session.MaxQueryDepth };
        }

        return _acl with
        {
            Versions = _versions,
            AllowedUrls = [.. _urls.Select(static url => new AllowedUrl { Url = url.Key, Methods = url.Value })],
            Limit = limit,
            AllowanceScope = Scope.Length > 0 ? Scope : severalGrantors ? GrantedBy : "",
            Endpoints = HasRate ? Endpoints() : null,
        };
    }

    private List<EndpointAccess> Endpoints() =>
        [.. _endpoints
            .GroupBy(static endpoint => endpoint.Key.Path, StringComparer.Ordinal)
            .Select(static group => new EndpointAccess
            {
                Path = group.Key,
                Methods = [.. group.Select(static endpoint => new EndpointMethod { Name = endpoint.Key.Method, Limit = endpoint.Value })],
            })];
}
