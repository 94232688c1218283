namespace EdgeAuth.Enforcement;

/// <summary>What rights and endpoint limits look at: the method, the path, and the path without the mount it matched.</summary>
internal readonly record struct RequestTarget(string Method, string Path, string Mount)
{
    /// <summary>The path without its mount, from its slash on.</summary>
    public ReadOnlySpan<char> Stripped() => MountPath.Strip(Path, Mount);
}
