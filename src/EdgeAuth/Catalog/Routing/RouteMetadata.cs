using System.Text.Json;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Gate;

namespace EdgeAuth.Catalog.Routing;

/// <summary>Names of route and cluster metadata.</summary>
internal static class RouteMetadata
{
    /// <summary>The id of the API whose rules a route is enforced by.</summary>
    public const string Api = "EdgeAuth.Api";

    /// <summary>
    /// A hash of all that a route's transforms captured. YARP keeps the transforms of a route whose configuration compares equal.
    /// </summary>
    public const string Content = "EdgeAuth.Content";

    /// <summary>The path below which a route matches, to be cut off before forwarding.</summary>
    public const string Strip = "EdgeAuth.Strip";

    /// <summary>On the routes of an API whose versions are APIs of their own: its <c>definition</c>, as JSON.</summary>
    public const string Versions = "EdgeAuth.Versions";

    /// <summary>The version that a route stands for; absent on the routes of the API that has the versions.</summary>
    public const string Version = "EdgeAuth.Version";

    /// <summary>On the routes of a version: the id of the API that has the versions.</summary>
    public const string VersionOf = "EdgeAuth.VersionOf";

    /// <summary>Set on clusters whose requests may carry a deadline of their own.</summary>
    public const string Deadlines = "EdgeAuth.Deadlines";

    /// <summary>The versions that a route belongs to; null for most.</summary>
    public static VersionApis? ReadVersions(IReadOnlyDictionary<string, string>? metadata) => metadata?.GetValueOrDefault(Versions) is { } source
        ? new VersionApis(JsonSerializer.Deserialize(source, DefinitionJson.Default.VersionSource)!)
        : null;
}
