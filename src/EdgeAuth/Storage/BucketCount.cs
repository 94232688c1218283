namespace EdgeAuth.Storage;

/// <summary>Permits of one bucket: a hundredth of a window.</summary>
internal readonly record struct BucketCount(long Bucket, long Permits);
