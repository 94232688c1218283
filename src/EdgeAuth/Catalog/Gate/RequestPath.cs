namespace EdgeAuth.Catalog.Gate;

/// <summary>What the rules of a definition look at.</summary>
/// <param name="Method">The request's method.</param>
/// <param name="Path">The path as the gateway reads it, without the version where that is taken off.</param>
/// <param name="MountLength">How much of the path, and of each other reading, is the listen path.</param>
/// <param name="OtherReadings">How else the path may be read; null when there is one reading only.</param>
internal readonly record struct RequestPath(string Method, string Path, int MountLength, IReadOnlyList<string>? OtherReadings)
{
    /// <summary>The path without its mount, from its slash on.</summary>
    public ReadOnlySpan<char> Stripped() => Path.AsSpan(MountLength);
}
