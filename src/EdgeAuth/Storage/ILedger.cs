namespace EdgeAuth.Storage;

/// <summary>The authority that counts limits. Throws <see cref="StoreUnavailableException"/> when it cannot be asked.</summary>
internal interface ILedger
{
    /// <summary>The rate windows, where they are counted in this process and can be asked without a trip; else null.</summary>
    RateWindows? LocalRates { get; }

    /// <summary>What counts rates, where several nodes share them; else null.</summary>
    IRateLedger? SharedRates { get; }

    /// <summary>
    /// Takes back an earlier lease and reserves permits of a quota, at most a tenth of what is left and at least one while any is left.
    /// What is granted counts as used at once and is durable before the call returns.
    /// </summary>
    ValueTask<QuotaGrant> LeaseAsync(QuotaDemand demand, CancellationToken cancellationToken);

    /// <summary>Gives back what was not spent of a lease. A lease of an ended period or of a reset counter is ignored.</summary>
    ValueTask ReturnAsync(CounterId counter, QuotaReturn returned, CancellationToken cancellationToken);

    /// <summary>The running counter; null when no period is running.</summary>
    ValueTask<QuotaReading?> ReadAsync(CounterId counter, CancellationToken cancellationToken);

    /// <summary>Ends the running period of every scope of an owner. Leases granted before are refused from here on.</summary>
    ValueTask ResetAsync(string owner, CancellationToken cancellationToken);
}
