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

    /// <summary>Set on clusters whose requests may carry a deadline of their own.</summary>
    public const string Deadlines = "EdgeAuth.Deadlines";
}
