namespace EdgeAuth.Enforcement;

/// <summary>Cuts a mount off a path.</summary>
internal static class MountPath
{
    /// <summary>What follows the mount; the whole path when it is not below it. Empty for the mount itself.</summary>
    public static ReadOnlySpan<char> Strip(string path, string mount) =>
        path.AsSpan(mount.Length > 0 && path.StartsWith(mount, StringComparison.OrdinalIgnoreCase) ? mount.Length : 0);
}
