namespace EdgeAuth.Storage;

/// <summary>Permits to be freed that an earlier report, which has been acknowledged, told as spent.</summary>
/// <param name="Steps">The ledger's count of clock steps when they were booked; after another step they stay booked.</param>
/// <param name="Permits">How many under which instant of the ledger's clock.</param>
internal sealed record RateRefund(long Steps, IReadOnlyList<PermitsAt> Permits);
