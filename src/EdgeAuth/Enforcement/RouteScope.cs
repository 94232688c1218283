using EdgeAuth.Catalog.Gate;

namespace EdgeAuth.Enforcement;

/// <summary>What a route leads to, and what its requests may not leave.</summary>
/// <param name="Mount">The path of the API that the route matches below; empty for the routes of a program.</param>
internal readonly record struct RouteScope(string Mount)
{
    /// <summary>The path that no reading of a request's path may leave.</summary>
    public string Floor { get; init; } = Mount;

    /// <summary>The versions among which the route stands for one; null for an API's own routes.</summary>
    public VersionApis? Versions { get; init; }

    /// <summary>What lies below the mounts of the API that has those versions and is not its own; empty on an API's own routes.</summary>
    public IReadOnlyList<string> Enclaves { get; init; } = [];

    public static implicit operator RouteScope(string mount) => new(mount);

    /// <summary>The scope of a route that a program has matched by itself: what stands before the first parameter of its path.</summary>
    public static RouteScope OfPattern(string? pattern)
    {
        var literal = pattern?.Split('{', 2)[0] ?? "";
        return new RouteScope("") { Floor = literal.StartsWith('/') ? literal[..literal.LastIndexOf('/')] : "" };
    }
}
