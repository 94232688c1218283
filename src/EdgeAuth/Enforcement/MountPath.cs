namespace EdgeAuth.Enforcement;

/// <summary>Cuts a mount off a path.</summary>
internal static class MountPath
{
    /// <summary>How much of the path is the mount; 0 when it is not below it.</summary>
    public static int LengthIn(string path, string mount) => mount.Length > 0 && path.StartsWith(mount, StringComparison.OrdinalIgnoreCase) ? mount.Length : 0;

    /// <summary>What follows the mount; the whole path when it is not below it. Empty for the mount itself.</summary>
    public static ReadOnlySpan<char> Strip(string path, string mount) => path.AsSpan(LengthIn(path, mount));

    /// <summary>True for the mount and what is below it, by whole segments.</summary>
    public static bool IsInside(string path, string mount) =>
        path.StartsWith(mount, StringComparison.OrdinalIgnoreCase) && (path.Length == mount.Length || path[mount.Length] == '/');
}
