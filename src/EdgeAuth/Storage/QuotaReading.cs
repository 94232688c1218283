namespace EdgeAuth.Storage;

/// <summary>A running quota counter: what counts as used (outstanding leases included) and when its period ends.</summary>
internal sealed record QuotaReading(long Used, DateTimeOffset? PeriodEnds);
