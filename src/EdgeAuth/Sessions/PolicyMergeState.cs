using System.Text.Json;
using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Sessions;

/// <summary>A merge under way (spec/tyk.md e.3): the rights gathered so far, and which API got which part from a policy.</summary>
internal sealed class PolicyMergeState(Session original)
{
    private readonly OrderedDictionary<string, MergingRight> _rights = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _metaData = original.MetaData is null ? new(StringComparer.Ordinal) : new(original.MetaData, StringComparer.Ordinal);
    private readonly List<string> _tags = [.. original.Tags];
    private Session _session = original with { IsInactive = false };
    private bool _perApi;
    private bool _partitioned;

    /// <summary>Step 1: what a policy governs does not survive from the key itself.</summary>
    public void Clear(Policy policy)
    {
        var all = !policy.Partitions.Any;
        if (all || policy.Partitions.Quota)
        {
            _session = _session with { QuotaMax = 0, QuotaRemaining = 0 };
        }

        if (all || policy.Partitions.RateLimit)
        {
            _session = _session with { Rate = 0, Per = 0, Smoothing = null, ThrottleInterval = 0, ThrottleRetryLimit = 0 };
        }

        if (all || policy.Partitions.Complexity)
        {
            _session = _session with { MaxQueryDepth = 0 };
        }
    }

    /// <summary>Steps 2 to 5 for one policy; the reason when it cannot be applied.</summary>
    public string? Add(Policy policy)
    {
        if (policy.Partitions.PerApi)
        {
            if (policy.Partitions.Any)
            {
                return $"cannot apply policy {policy.Id} which has per_api and any of partitions set";
            }

            _perApi = true;
        }
        else
        {
            _partitioned |= policy.Partitions.Any;
        }

        if (_perApi && _partitioned)
        {
            return "cannot apply multiple policies when some have per_api set and some are partitioned";
        }

        if (policy.Partitions.PerApi)
        {
            AddPerApi(policy);
        }
        else
        {
            AddParts(policy);
        }

        AddCommon(policy);
        return null;
    }

    /// <summary>Steps 6 to 8.</summary>
    public MergeResult Finish()
    {
        var granted = _rights.Where(static right => right.Value.HasAcl).ToList();
        if (granted.Count == 0)
        {
            return MergeResult.Fail("key has no valid policies to be applied");
        }

        var severalGrantors = granted.Select(static right => right.Value.GrantedBy).Distinct(StringComparer.Ordinal).Count() > 1;
        var result = new Dictionary<string, AccessDefinition>(StringComparer.Ordinal);
        foreach (var (api, right) in granted)
        {
            result[api] = right.Finish(_session, severalGrantors);
        }

        MirrorSingleApi(result);
        return MergeResult.Ok(_session with
        {
            AccessRights = result,
            Tags = _tags,
            MetaData = _metaData.Count == 0 && original.MetaData is null ? null : _metaData,
        });
    }

    private void AddPerApi(Policy policy)
    {
        foreach (var (api, access) in policy.AccessRights)
        {
            var right = Find(api, access);
            var own = access.EffectiveLimit;
            right.Grant(access, own is null ? policy.Id : api);
            right.Scope = own is null ? policy.Id : api;
            right.MergePerApi(own ?? LimitOf(policy));
            right.MergeEndpoints(access.Endpoints);
        }
    }

    private void AddParts(Policy policy)
    {
        var all = !policy.Partitions.Any;
        var limit = LimitOf(policy);
        foreach (var (api, access) in policy.AccessRights)
        {
            var right = Find(api, access);
            if (all || policy.Partitions.Acl)
            {
                right.Grant(access, policy.Id);
            }

            if (all || policy.Partitions.Quota)
            {
                right.MergeQuota(limit);
                MergeSessionQuota(limit);
            }

            if (all || policy.Partitions.RateLimit)
            {
                right.MergeRate(limit);
                right.MergeEndpoints(access.Endpoints);
                MergeSessionRate(limit);
            }

            if (all || policy.Partitions.Complexity)
            {
                right.MergeDepth(limit);
                _session = _session with { MaxQueryDepth = LimitComparison.Larger(_session.MaxQueryDepth, limit.MaxQueryDepth) };
            }
        }

        if (policy.AccessRights.Count == 0)
        {
            CopyMaster(policy, all);
        }
    }

    // A policy without rights puts its numbers onto the session as they are.
    private void CopyMaster(Policy policy, bool all)
    {
        if (all || policy.Partitions.RateLimit)
        {
            _session = _session with
            {
                Rate = policy.Rate,
                Per = policy.Per,
                Smoothing = policy.Smoothing,
                ThrottleInterval = policy.ThrottleInterval,
                ThrottleRetryLimit = policy.ThrottleRetryLimit,
            };
        }

        if (all || policy.Partitions.Complexity)
        {
            _session = _session with { MaxQueryDepth = policy.MaxQueryDepth };
        }

        if (all || policy.Partitions.Quota)
        {
            _session = _session with { QuotaMax = policy.QuotaMax, QuotaRenewalRate = policy.QuotaRenewalRate };
        }
    }

    private void AddCommon(Policy policy)
    {
        _session = _session with
        {
            IsInactive = _session.IsInactive || policy.IsInactive,
            HmacEnabled = _session.HmacEnabled || policy.HmacEnabled,
            EnableHttpSignatureValidation = _session.EnableHttpSignatureValidation || policy.EnableHttpSignatureValidation,
            PostExpiryAction = policy.PostExpiryAction.Length > 0 ? policy.PostExpiryAction : _session.PostExpiryAction,
            PostExpiryGracePeriod = policy.PostExpiryAction.Length > 0 ? policy.PostExpiryGracePeriod : _session.PostExpiryGracePeriod,
            LastUpdated = IsNewer(policy.LastUpdated, _session.LastUpdated) ? policy.LastUpdated : _session.LastUpdated,
        };
        _tags.AddRange(policy.Tags.Except(_tags, StringComparer.Ordinal));
        foreach (var (name, value) in policy.MetaData ?? new Dictionary<string, JsonElement>(StringComparer.Ordinal))
        {
            _metaData[name] = value;
        }
    }

    private void MergeSessionQuota(ApiLimit limit) => _session = _session with
    {
        QuotaMax = LimitComparison.Larger(_session.QuotaMax, limit.QuotaMax),
        QuotaRenewalRate = Math.Max(_session.QuotaRenewalRate, limit.QuotaRenewalRate),
    };

    private void MergeSessionRate(ApiLimit limit)
    {
        var own = new ApiLimit { Rate = _session.Rate, Per = _session.Per, Smoothing = _session.Smoothing };
        var faster = LimitComparison.Faster(own, limit);
        _session = _session with
        {
            Rate = faster.Rate,
            Per = faster.Per,
            Smoothing = faster.Smoothing,
            ThrottleInterval = Math.Max(_session.ThrottleInterval, limit.ThrottleInterval),
            ThrottleRetryLimit = Math.Max(_session.ThrottleRetryLimit, limit.ThrottleRetryLimit),
        };
    }

    // Step 7: where exactly one API got each kind of limit, the session-level numbers are its numbers.
    private void MirrorSingleApi(Dictionary<string, AccessDefinition> result)
    {
        var limited = _rights.Where(static right => right.Value.HasQuota || right.Value.HasRate || right.Value.HasDepth).ToList();
        if (limited is not [{ Value: { HasQuota: true, HasRate: true, HasDepth: true } } single] || !result.TryGetValue(single.Key, out var access))
        {
            return;
        }

        var limit = access.Limit!;
        _session = _session with
        {
            Rate = limit.Rate,
            Per = limit.Per,
            Smoothing = limit.Smoothing,
            ThrottleInterval = limit.ThrottleInterval,
            ThrottleRetryLimit = limit.ThrottleRetryLimit,
            QuotaMax = limit.QuotaMax,
            QuotaRenewalRate = limit.QuotaRenewalRate,
            MaxQueryDepth = limit.MaxQueryDepth,
        };
    }

    private MergingRight Find(string api, AccessDefinition access)
    {
        if (!_rights.TryGetValue(api, out var right))
        {
            right = new MergingRight(access, original.AccessRights.GetValueOrDefault(api)?.Limit?.QuotaRenews ?? 0);
            _rights.Add(api, right);
        }

        return right;
    }

    private static ApiLimit LimitOf(Policy policy) => new()
    {
        Rate = policy.Rate,
        Per = policy.Per,
        Smoothing = policy.Smoothing,
        ThrottleInterval = policy.ThrottleInterval,
        ThrottleRetryLimit = policy.ThrottleRetryLimit,
        MaxQueryDepth = policy.MaxQueryDepth,
        QuotaMax = policy.QuotaMax,
        QuotaRenewalRate = policy.QuotaRenewalRate,
    };

    private static bool IsNewer(string candidate, string current) =>
        long.TryParse(candidate, out var left) && (!long.TryParse(current, out var right) || left > right);
}
