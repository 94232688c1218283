namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>Medians, and how sure they are.</summary>
internal static class Statistics
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The order statistics between which the true median lies with a probability of 95 % or more; with fewer than six values, the least and the greatest.</summary>
    public static (double Low, double High) Interval(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
        {
            return (double.NaN, double.NaN);
        }

        // The chance that fewer than k of n values lie below the median is that of fewer than k heads in n throws.
        var (rank, term, below) = (0, Math.Pow(0.5, sorted.Length), Math.Pow(0.5, sorted.Length));
        while (below <= 0.025 && rank < (sorted.Length - 1) / 2)
        {
            rank++;
            term *= (double)(sorted.Length - rank + 1) / rank;
            below += term;
        }

        rank = Math.Max(0, below > 0.025 ? rank - 1 : rank);
        return (sorted[rank], sorted[^(rank + 1)]);
    }
}
