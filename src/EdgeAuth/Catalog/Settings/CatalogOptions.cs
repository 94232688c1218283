namespace EdgeAuth.Catalog.Settings;

/// <summary>Where definitions are read from: the section <c>EdgeAuth:Catalog</c>. A change needs a restart.</summary>
public sealed class CatalogOptions
{
    /// <summary>The configuration directory with <c>apis/*.json</c> and <c>policies/*.json</c>, relative to the working directory.</summary>
    public string Directory { get; set; } = "config";

    /// <summary>Reload by itself when a file of the directory changes.</summary>
    public bool Watch { get; set; } = true;
}
