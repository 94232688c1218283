using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>A call to the ledger as composed by a counter; what it returns cannot be spent any more.</summary>
internal readonly record struct QuotaAsk(int Epoch, long Wanted, QuotaReturn? Return, LeaseId LeaseId = default)
{
    /// <summary>What is returned could be spent from; it can again, where the call turns out not to take it.</summary>
    public bool ReturnsGood { get; init; }
}
