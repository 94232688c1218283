using System.Collections.Immutable;
using EdgeAuth.Storage;

namespace EdgeAuth.Sessions;

/// <summary>What the store said of a credential, and which records it was read from.</summary>
internal sealed record LoadedSession(
    SessionState State,
    StoredKey? Key,
    KeyRules? Rules,
    DateTimeOffset? StoredUntil,
    StoredLife? Client,
    ImmutableArray<RecordId> ReadIds)
{
    /// <summary>The version of the Key that was read, for a write that replaces it.</summary>
    public long Version { get; init; }
}
