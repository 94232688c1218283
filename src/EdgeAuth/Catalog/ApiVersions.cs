using System.Collections.Frozen;
using EdgeAuth.Catalog.Definitions;
using EdgeAuth.Catalog.Gate;
using EdgeAuth.Catalog.Settings;
using Microsoft.AspNetCore.Http;

namespace EdgeAuth.Catalog;

/// <summary>The versions of an API (spec/tyk.md g, <c>version_data</c> and <c>definition</c>).</summary>
internal sealed class ApiVersions
{
    private readonly FrozenDictionary<string, CompiledVersion> _named;
    private readonly CompiledVersion? _default;
    private readonly bool _fallsBack;

    private ApiVersions(CompiledVersion? only, FrozenDictionary<string, CompiledVersion> named, string defaultName, VersionSource source)
    {
        (Only, _named, _default, _fallsBack) = (only, named, named.GetValueOrDefault(defaultName), source.FallbackToDefault);
        Apis = source.Enabled ? new VersionApis(source) : null;
        Lookup = only is null ? new VersionLookup(source) : Apis?.Lookup;
    }

    /// <summary>The version of an API that has no other; null for an API with versions.</summary>
    public CompiledVersion? Only { get; }

    /// <summary>The versions that are APIs of their own; null without any.</summary>
    public VersionApis? Apis { get; }

    /// <summary>Where a request names its version; null when it cannot.</summary>
    public VersionLookup? Lookup { get; }

    /// <summary>The names that rights grant versions by.</summary>
    public IReadOnlyList<string> Names => Only is { } only ? [only.Name.Length > 0 ? only.Name : "Default"] : [.. _named.Keys];

    /// <summary>True when a version gives the upstream a time limit.</summary>
    public bool HasDeadlines => Only?.Deadlines is not null || _named.Values.Any(static version => version.Deadlines is not null);

    /// <summary>True when a version changes the header fields of answers.</summary>
    public bool ChangesAnswers => Only?.ResponseHeaders is not null || _named.Values.Any(static version => version.ResponseHeaders is not null);

    public static ApiVersions Compile(ApiDefinition definition, TykSettings settings)
    {
        var data = definition.VersionData;
        var only = SingleVersion.Of(data) ?? new VersionInfo();
        return data.NotVersioned
            ? new(CompiledVersion.Compile(only.Name, definition, only, settings), FrozenDictionary<string, CompiledVersion>.Empty, "", definition.Definition)
            : new(
                only: null,
                data.Versions.ToFrozenDictionary(static pair => pair.Key, pair => CompiledVersion.Compile(pair.Key, definition, pair.Value, settings), StringComparer.Ordinal),
                data.DefaultVersion,
                definition.Definition with { Enabled = false });
    }

    /// <summary>
    /// The version of a request to an API with versions: the one named, the default one for no name and, where the definition says so, for an
    /// unknown one that is named once. Null when there is none.
    /// </summary>
    public CompiledVersion? Find(HttpRequest request, int mountLength, out VersionName named)
    {
        named = Lookup!.Find(request, mountLength);
        if (named is { Name.Length: > 0, IsRepeated: false } && _named.TryGetValue(named.Name, out var version))
        {
            return version;
        }

        // What names no version is part of the path.
        named = named with { End = 0 };
        return named.Name.Length == 0 || (_fallsBack && !named.IsRepeated) ? _default : null;
    }

    /// <summary>True when a reading of a path whose request got the default version names another one.</summary>
    public bool NamesAnother(string reading, int mountLength) =>
        _named.TryGetValue(Lookup!.InPath(reading, mountLength).Name, out var version) && version != _default;
}
