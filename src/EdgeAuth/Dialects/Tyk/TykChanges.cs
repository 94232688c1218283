using EdgeAuth.Catalog.Writing;

namespace EdgeAuth.Dialects.Tyk;

/// <summary>The answer to a dry run of any write: what the call would have changed. An id that would be made up anew is empty.</summary>
internal sealed record TykChanges(string Status, string Message, IReadOnlyList<Change> Changes)
{
    public static TykChanges Of(ChangeSet changes) => new("ok", "dry run: nothing was changed", [.. changes.Noted.Select(static change => change.IsMadeUp ? change with { Id = "" } : change)]);
}
