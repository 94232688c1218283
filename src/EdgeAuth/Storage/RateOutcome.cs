namespace EdgeAuth.Storage;

/// <summary>The outcome of asking a rate window.</summary>
internal enum RateOutcome
{
    /// <summary>The window was forgotten by its owner and must be looked up again.</summary>
    Retired,

    /// <summary>The ledger must be asked first.</summary>
    Ask,

    Taken,
    Refused,
}
