using EdgeAuth.Catalog.Definitions;

namespace EdgeAuth.Catalog;

/// <summary>The version that an API without versions consists of (spec/tyk.md g, <c>version_data</c>).</summary>
internal static class SingleVersion
{
    private static readonly string[] DefaultNames = ["Default", "default", ""];

    /// <summary>The only version, or the one of several that is named <c>Default</c>, <c>default</c> or nothing; null when none is.</summary>
    public static VersionInfo? Of(VersionData data) => data.Versions.Count switch
    {
        0 => new VersionInfo(),
        1 => data.Versions.Values.First(),
        _ => DefaultNames.Select(data.Versions.GetValueOrDefault).FirstOrDefault(static version => version is not null),
    };
}
