namespace EdgeAuth.Catalog.Reading;

/// <summary>A file of the configuration directory as read: its path relative to the directory, with forward slashes, and its content.</summary>
internal sealed record ConfigurationFile(string Path, byte[] Content);
