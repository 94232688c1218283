using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Settings;

namespace EdgeAuth.Catalog.Gate;

/// <summary>How large a request's body may be, in bytes (spec/tyk.md d.2 step 5, j.8). Where several limits apply the smallest counts.</summary>
internal sealed class SizeLimits
{
    private readonly PathEntry<long>[] _entries;
    private readonly long? _common;

    private SizeLimits(PathEntry<long>[] entries, long? common) => (_entries, _common) = (entries, common);

    /// <summary>The limits of a version, or null when it has none.</summary>
    public static SizeLimits? Compile(VersionInfo version, TykServerSettings settings)
    {
        var entries = (version.UseExtendedPaths ? version.ExtendedPaths.SizeLimits : [])
            .Where(static limit => limit is { Disabled: false, SizeLimit: > 0 })
            .Select(limit => new PathEntry<long>(PathPattern.Compile(limit.Path, version.IgnoreEndpointCase, settings)!, limit.Method, limit.SizeLimit))
            .ToArray();
        return entries.Length == 0 && version.GlobalSizeLimit <= 0 ? null : new SizeLimits(entries, version.GlobalSizeLimit > 0 ? version.GlobalSizeLimit : null);
    }

    /// <summary>The limit of a request, by any reading of its path; null for none.</summary>
    public long? Find(in RequestPath path)
    {
        var limit = _common;
        foreach (var entry in _entries)
        {
            if ((limit is null || entry.Value < limit) && entry.Matches(path))
            {
                limit = entry.Value;
            }
        }

        return limit;
    }
}
