using System.Collections.Frozen;
using System.Text.Json;
using EdgeAuth.Catalog;

namespace EdgeAuth.Sessions;

/// <summary>A merged session, compiled for one generation. Sessions of equal content share one.</summary>
internal sealed class CompiledRights
{
    private readonly FrozenDictionary<string, ApiRights> _apis;
    private readonly ApiRights? _everywhere;

    /// <param name="isInactive">The session is switched off.</param>
    /// <param name="apis">The rights by API id.</param>
    /// <param name="everywhere">The rights on every other API; null when there are none.</param>
    /// <param name="slots">How many sets of counters the session has.</param>
    public CompiledRights(bool isInactive, FrozenDictionary<string, ApiRights> apis, ApiRights? everywhere, int slots)
    {
        IsInactive = isInactive;
        _apis = apis;
        _everywhere = everywhere;
        Slots = slots;
    }

    private CompiledRights(string failure)
    {
        Failure = failure;
        _apis = FrozenDictionary<string, ApiRights>.Empty;
    }

    /// <summary>Why the policies could not be applied; then the key counts as unknown (spec/tyk.md e.5).</summary>
    public string? Failure { get; }

    public bool IsInactive { get; }

    public int Slots { get; }

    /// <summary>The limits of the session itself, whatever an API has of its own.</summary>
    public LimitSpec Session { get; init; } = LimitSpec.None;

    /// <summary>The rate of the session itself, as it says it.</summary>
    public StoredRate StoredRate { get; init; }

    /// <summary>The <c>meta_data</c> that policies gave, which wins over the session's own.</summary>
    public IReadOnlyDictionary<string, JsonElement>? MetaData { get; init; }

    /// <summary>True when the rights name the API rather than reach it by naming none.</summary>
    public bool Names(string api) => _apis.ContainsKey(api);

    public ApiRights? Find(string api) => _apis.TryGetValue(api, out var rights) ? rights : _everywhere;

    public static CompiledRights Failed(string reason) => new(reason);
}
