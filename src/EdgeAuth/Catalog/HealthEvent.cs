namespace EdgeAuth.Catalog;

/// <summary>What health statistics count (spec/tyk.md f.6).</summary>
internal enum HealthEvent
{
    /// <summary>A request that passed.</summary>
    Request,

    /// <summary>A request that a rate refused.</summary>
    Throttled,

    /// <summary>A request that a quota refused.</summary>
    QuotaViolation,

    /// <summary>A request whose credential is not good.</summary>
    KeyFailure,
}
