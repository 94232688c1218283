using EdgeAuth.Catalog.Definitions;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Catalog.Gate;

/// <summary>The versions of an API that are APIs of their own (spec/tyk.md g, <c>definition.enabled</c> and <c>versions</c>).</summary>
internal sealed class VersionApis(VersionSource source)
{
    /// <summary>The word by which <c>default</c> means the API itself.</summary>
    public const string Self = "self";

    public VersionLookup Lookup { get; } = new(source);

    public VersionChoice Choose(HttpRequest request, int mountLength)
    {
        var named = Lookup.Find(request, mountLength);
        var asked = named is { Name.Length: > 0, IsRepeated: false } ? Find(named.Name, named) : new VersionChoice(VersionOutcome.Unknown, Version: null, named);
        if (asked.Outcome != VersionOutcome.Unknown || named.IsRepeated || (named.Name.Length > 0 && !source.FallbackToDefault))
        {
            return asked;
        }

        return source.Default.Length > 0 ? Find(source.Default, default)
            : asked with { Outcome = named.Name.Length > 0 ? VersionOutcome.Unknown : VersionOutcome.Missing };
    }

    /// <summary>True when a reading of a path whose request got the default version names another one.</summary>
    public bool NamesAnother(string reading, int mountLength)
    {
        var name = Lookup.InPath(reading, mountLength).Name;
        var named = Find(name, default);
        return name.Length > 0 && named.Outcome != VersionOutcome.Unknown && !string.Equals(named.Version, Find(source.Default, default).Version, StringComparison.Ordinal);
    }

    private VersionChoice Find(string name, VersionName named) =>
        source.Versions?.ContainsKey(name) == true ? new(VersionOutcome.Other, name, named)
        : name is Self || string.Equals(name, source.Name, StringComparison.Ordinal) ? new(VersionOutcome.Own, Version: null, named)
        : new(VersionOutcome.Unknown, Version: null, named);
}
