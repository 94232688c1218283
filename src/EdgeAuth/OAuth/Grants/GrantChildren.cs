using EdgeAuth.Storage;

namespace EdgeAuth.OAuth.Grants;

/// <summary>What was issued under a grant.</summary>
internal sealed class GrantChildren(IReadOnlyList<RecordId> records)
{
    public IReadOnlyList<RecordId> Records => records;

    /// <summary>The hashes of its access tokens.</summary>
    public IEnumerable<string> KeyHashes => records.Where(static record => record.Kind == RecordKind.Key).Select(static record => record.Id);
}
