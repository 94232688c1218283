namespace EdgeAuth.Limits;

/// <summary>A running quota: permits spent, and when the period ends; null for never.</summary>
internal sealed record QuotaUse(long Used, DateTimeOffset? Ends);
