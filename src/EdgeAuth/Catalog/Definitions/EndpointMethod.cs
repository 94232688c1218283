namespace EdgeAuth.Catalog.Definitions;

/// <summary>The rate of one method of an endpoint; the name is compared without case.</summary>
internal sealed record EndpointMethod
{
    public string Name { get; init => field = value ?? ""; } = "";

    public EndpointRate Limit { get; init => field = value ?? new(); } = new();
}
