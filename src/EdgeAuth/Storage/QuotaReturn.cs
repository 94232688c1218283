namespace EdgeAuth.Storage;

/// <summary>A lease that its holder will not spend from any more, and what is left of it.</summary>
internal readonly record struct QuotaReturn(long LeaseId, long Unspent);
