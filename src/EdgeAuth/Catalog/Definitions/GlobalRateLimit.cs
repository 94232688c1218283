namespace EdgeAuth.Catalog.Definitions;

/// <summary><c>global_rate_limit</c>: a rate of all callers of an API together.</summary>
internal sealed record GlobalRateLimit
{
    public double Rate { get; init; }

    /// <summary>Seconds.</summary>
    public double Per { get; init; }

    public bool Disabled { get; init; }
}
