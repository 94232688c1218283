namespace EdgeAuth.Catalog.Settings;

/// <summary>Something that is said of a scope.</summary>
public sealed class ScopeAttributeOptions
{
    /// <summary>Its name.</summary>
    public string Key { get; set => field = value ?? ""; } = "";

    /// <summary>Its text.</summary>
    public string Value { get; set => field = value ?? ""; } = "";
}
