using System.Globalization;
using EdgeAuth.Catalog;
using EdgeAuth.Storage;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Limits;

/// <summary>
/// Writes the limit fields of an answer: <c>RateLimit</c> and <c>RateLimit-Policy</c> of the IETF draft, and <c>X-RateLimit-*</c> as Tyk
/// (spec/tyk.md d.6, j.11). Constants and small numbers come from texts made before.
/// </summary>
internal sealed class LimitFields(TimeProvider time)
{
    private const string PolicyName = "RateLimit-Policy";
    private const string StateName = "RateLimit";
    private const string LimitName = "X-RateLimit-Limit";
    private const string RemainingName = "X-RateLimit-Remaining";
    private const string ResetName = "X-RateLimit-Reset";

    private static readonly string[] Written = [PolicyName, StateName, LimitName, RemainingName, ResetName];
    private static readonly string[] SmallNumbers = [.. Enumerable.Range(0, 4096).Select(static number => number.ToString(CultureInfo.InvariantCulture))];

    /// <summary>True for a name that this class writes, which an upstream's answer must not repeat.</summary>
    public static bool IsName(string name) => name.Length >= StateName.Length && name.Contains(StateName, StringComparison.OrdinalIgnoreCase) && Written.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>False where no answer of an API can carry a field of ours.</summary>
    public static bool MayWrite(CompiledApi api) => !api.Methods.IsKeyless || WritesKeyless(api) || api.LimitHeaders == LimitHeaderSource.Rate;

    /// <summary>The value of <c>RateLimit-Policy</c>; empty when nothing is limited.</summary>
    public static string Policy(LimitSpec spec) => Policy(spec.Rate, spec.Quota);

    /// <summary>Writes the fields of an answer. A rate of all callers together is shown only where the key has none of its own.</summary>
    public void Write(IHeaderDictionary headers, CompiledApi api, in LimitStatus status, ApiRateStatus? all = null)
    {
        if (api.LimitHeaders == LimitHeaderSource.Rate && all is not null && !(api.LimitsRate && status.Limits?.Spec.Rate is not null))
        {
            Write(headers, all.Limit.Permits, all.Answer.Remaining, RateReset(all.Answer));
        }

        if (status.Limits is not { } limits)
        {
            return;
        }

        var rate = api.LimitsRate ? limits.Spec.Rate : null;
        var quota = api.LimitsQuota ? limits.Spec.Quota : null;
        if (rate is not null || quota is not null)
        {
            headers[PolicyName] = rate == limits.Spec.Rate && quota == limits.Spec.Quota ? limits.PolicyField : Policy(rate, quota);
            headers[StateName] = State(rate is not null, quota is not null, status);
        }

        var refused = status.Verdict != LimitVerdict.Admitted;
        if (api.LimitHeaders == LimitHeaderSource.Rate)
        {
            if (rate is { } limit)
            {
                Write(headers, limit.Permits, status.Rate.Remaining, RateReset(status.Rate));
            }
        }
        else if (api.Errors == ErrorStyle.Rfc ? rate is not null || quota is not null : !refused)
        {
            WriteQuota(headers, limits.Spec, quota, status);
        }
    }

    /// <summary>Writes what Tyk writes where no key is involved: zeros.</summary>
    public static void WriteKeyless(IHeaderDictionary headers, CompiledApi api)
    {
        if (WritesKeyless(api))
        {
            Write(headers, 0, 0, 0);
        }
    }

    /// <summary>Whole seconds until a request refused by a rate may be tried again.</summary>
    public long RetryAfter(ApiRateStatus refused) => RetryAfter(refused.Answer);

    /// <summary>Whole seconds until a refused request may be tried again; null when that is never.</summary>
    public long? RetryAfter(in LimitStatus status) => status.Verdict switch
    {
        LimitVerdict.RateExceeded => RetryAfter(status.Rate),
        LimitVerdict.QuotaExceeded when status.Quota.Ends is { } ends => Math.Max(1, Seconds(ends - time.GetUtcNow())),
        LimitVerdict.Unavailable => 1,
        _ => null,
    };

    private long RetryAfter(in RateAnswer refused) => Math.Max(1, RateSeconds(refused));

    private static bool WritesKeyless(CompiledApi api) => api is { Errors: ErrorStyle.Tyk, LimitHeaders: LimitHeaderSource.Quota };

    private static void WriteQuota(IHeaderDictionary headers, LimitSpec spec, QuotaLimit? quota, in LimitStatus status)
    {
        if (quota is { } limit)
        {
            Write(headers, limit.Permits, status.Quota.Remaining, status.Quota.Ends?.ToUnixTimeSeconds() ?? 0);
        }
        else
        {
            Write(headers, spec.StoredQuota.Max, spec.StoredQuota.Remaining, spec.StoredQuota.Renews);
        }
    }

    private static void Write(IHeaderDictionary headers, long limit, long remaining, long reset)
    {
        headers[LimitName] = Number(limit);
        headers[RemainingName] = Number(remaining);
        headers[ResetName] = Number(reset);
    }

    private string State(bool rate, bool quota, in LimitStatus status)
    {
        Span<char> buffer = stackalloc char[128];
        var length = 0;
        if (rate)
        {
            buffer.TryWrite(CultureInfo.InvariantCulture, $"\"rate\";r={status.Rate.Remaining};t={RateSeconds(status.Rate)}", out length);
        }

        if (quota)
        {
            buffer[length..].TryWrite(CultureInfo.InvariantCulture, $"{(rate ? ", " : "")}\"quota\";r={status.Quota.Remaining}", out var written);
            length += written;
            if (status.Quota.Ends is { } ends)
            {
                buffer[length..].TryWrite(CultureInfo.InvariantCulture, $";t={Math.Max(0, Seconds(ends - time.GetUtcNow()))}", out written);
                length += written;
            }
        }

        return new string(buffer[..length]);
    }

    // Tyk shows the next free slot, which is now while permits are left.
    private long RateReset(in RateAnswer rate) => time.GetUtcNow().ToUnixTimeSeconds() + (rate.Remaining > 0 ? 0 : RateSeconds(rate));

    private long RateSeconds(in RateAnswer rate) => (rate.TicksUntilFree + time.TimestampFrequency - 1) / time.TimestampFrequency;

    private static long Seconds(TimeSpan left) => (left.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;

    private static string Number(long number) =>
        number >= 0 && number < SmallNumbers.Length ? SmallNumbers[number] : number.ToString(CultureInfo.InvariantCulture);

    private static string Policy(RateLimit? rate, QuotaLimit? quota)
    {
        var rateItem = rate is { } r ? $"\"rate\";q={r.Permits};w={Seconds(r.Window)}" : null;
        var quotaItem = quota is { } q ? $"\"quota\";q={q.Permits}" + (q.Period is { } period ? $";w={Seconds(period)}" : "") : null;
        return rateItem is null ? quotaItem ?? "" : quotaItem is null ? rateItem : $"{rateItem}, {quotaItem}";
    }
}
