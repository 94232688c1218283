namespace EdgeAuth.Limits;

/// <summary>What the limits say of a request.</summary>
internal enum LimitVerdict
{
    Admitted,
    RateExceeded,
    QuotaExceeded,

    /// <summary>The ledger cannot be asked.</summary>
    Unavailable,

    /// <summary>A later step refused the request, and what these limits had been charged was given back.</summary>
    GivenBack,
}
