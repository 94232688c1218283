namespace EdgeAuth.Storage;

/// <summary>Permits that are booked under one instant, which is not before any of them was used.</summary>
internal readonly record struct PermitsAt(long Microseconds, long Permits);
