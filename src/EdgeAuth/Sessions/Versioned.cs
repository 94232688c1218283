namespace EdgeAuth.Sessions;

/// <summary>Something read from the store, to be replaced only if nobody changed it since.</summary>
/// <param name="Value">What was read.</param>
/// <param name="Version">What a conditional write names.</param>
/// <param name="StoredUntil">When the store forgets it; null for never.</param>
internal readonly record struct Versioned<T>(T Value, long Version, DateTimeOffset? StoredUntil);
