namespace EdgeAuth.Catalog.Definitions;

/// <summary>A rate; 0 or less is unlimited.</summary>
internal sealed record EndpointRate
{
    public double Rate { get; init; }

    /// <summary>Seconds.</summary>
    public double Per { get; init; }
}
