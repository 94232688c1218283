using System.Text.Json;

namespace EdgeAuth.Catalog.Definitions;

/// <summary>The <c>yarp</c> block: fragments in the form of YARP's configuration section.</summary>
internal sealed record YarpBlock
{
    public JsonElement? Route { get; init; }

    public JsonElement? Cluster { get; init; }
}
