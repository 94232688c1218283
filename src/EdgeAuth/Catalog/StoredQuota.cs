namespace EdgeAuth.Catalog;

/// <summary>The quota fields of a session as stored.</summary>
internal readonly record struct StoredQuota(long Max, long Remaining, long Renews);
