namespace EdgeAuth.Limits;

internal enum QuotaOutcome
{
    /// <summary>The counter was forgotten and must be looked up again.</summary>
    Retired,

    /// <summary>The ledger must be asked first.</summary>
    Ask,

    Spent,
    Refused,

    /// <summary>Only the figures were asked for.</summary>
    Told,
}
