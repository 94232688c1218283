namespace EdgeAuth.Storage;

/// <summary>What was spent of a lease; the rest of it is free again. From when it is composed, nothing more is spent of it.</summary>
/// <param name="LeaseId">The lease.</param>
/// <param name="Spent">How many permits were spent by which instant, counted from when the lease was asked for.</param>
internal sealed record RateReport(LeaseId LeaseId, IReadOnlyList<PermitsAt> Spent);
