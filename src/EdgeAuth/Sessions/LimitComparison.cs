using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Sessions;

/// <summary>Which of two limits is the more generous (spec/tyk.md e.3).</summary>
internal static class LimitComparison
{
    /// <summary>The larger maximum, where -1 is the largest and 0 the smallest.</summary>
    public static long Larger(long left, long right) => left < 0 || right < 0 ? -1 : Math.Max(left, right);

    /// <summary>
    /// The limit with the shorter time per request. One without a rate or a window contributes nothing; a negative rate beats all; of
    /// equally fast ones the larger rate wins.
    /// </summary>
    public static ApiLimit Faster(ApiLimit left, ApiLimit right) => IsFaster(right.Rate, right.Per, left.Rate, left.Per) ? right : left;

    /// <summary>The same for single endpoints.</summary>
    public static EndpointRate Faster(EndpointRate left, EndpointRate right) => IsFaster(right.Rate, right.Per, left.Rate, left.Per) ? right : left;

    private static bool IsFaster(double rate, double per, double otherRate, double otherPer)
    {
        var (time, otherTime) = (TimePerRequest(rate, per), TimePerRequest(otherRate, otherPer));
        return time < otherTime || (time == otherTime && double.IsFinite(time) && rate > otherRate);
    }

    private static double TimePerRequest(double rate, double per) =>
        rate < 0 ? -1 : rate == 0 || per <= 0 ? double.PositiveInfinity : per / rate;
}
