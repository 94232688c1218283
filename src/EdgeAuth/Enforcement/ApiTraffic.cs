using EdgeAuth.Catalog;

namespace EdgeAuth.Enforcement;

/// <summary>Counts the verdicts of one API. Plain numbers, read when metrics are collected, so that counting costs next to nothing.</summary>
internal sealed class ApiTraffic(string api)
{
    private readonly long[] _counts = new long[Enum.GetValues<RefusalReason>().Length];

    public string Api => api;

    /// <summary>The statistics that management shows; null where they are switched off.</summary>
    public ApiHealth? Health { get; set; }

    public void Count(RefusalReason reason)
    {
        Interlocked.Increment(ref _counts[(int)reason]);
        if (Health is { } health && Event(reason) is { } happened)
        {
            health.Count(happened);
        }
    }

    public long Read(RefusalReason reason) => Interlocked.Read(ref _counts[(int)reason]);

    private static HealthEvent? Event(RefusalReason reason) => reason switch
    {
        RefusalReason.None => HealthEvent.Request,
        RefusalReason.RateExceeded or RefusalReason.ApiRateExceeded or RefusalReason.OrgRateExceeded => HealthEvent.Throttled,
        RefusalReason.QuotaExceeded or RefusalReason.OrgQuotaExceeded => HealthEvent.QuotaViolation,
        RefusalReason.CredentialUnknown or RefusalReason.CredentialExpired or RefusalReason.ClientDeleted
            or RefusalReason.AlgorithmForbidden or RefusalReason.TokenExpired or RefusalReason.TokenIssuedLater or RefusalReason.TokenNotYetValid
            or RefusalReason.PolicyMissing or RefusalReason.PolicyUnknown => HealthEvent.KeyFailure,
        _ => null,
    };
}
