namespace EdgeAuth.Catalog.Definitions;

/// <summary>Rates of single endpoints for one key (spec/tyk.md c.2).</summary>
internal sealed record EndpointAccess
{
    public string Path { get; init => field = value ?? ""; } = "";

    public IReadOnlyList<EndpointMethod> Methods { get; init => field = Zero.List(value); } = [];
}
