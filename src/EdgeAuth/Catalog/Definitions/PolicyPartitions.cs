namespace EdgeAuth.Catalog.Definitions;

/// <summary>Which parts a policy contributes; none set contributes all of them.</summary>
internal sealed record PolicyPartitions
{
    public bool Quota { get; init; }

    public bool RateLimit { get; init; }

    public bool Complexity { get; init; }

    public bool Acl { get; init; }

    public bool PerApi { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public bool Any => Quota || RateLimit || Complexity || Acl;
}
