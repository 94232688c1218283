namespace EdgeAuth.Benchmarks.Load.Driver;

/// <summary>A run that cannot go on, in words for who called it.</summary>
internal sealed class LoadException(string message) : Exception(message);
