namespace EdgeAuth.Catalog.Reading;

/// <summary>A change of one file of the configuration directory.</summary>
/// <param name="Path">Relative to the directory, with forward slashes.</param>
/// <param name="Read">What was read of it; null when there was no such file.</param>
/// <param name="Content">What it shall hold; null to remove it.</param>
internal sealed record FileEdit(string Path, byte[]? Read, byte[]? Content);
