namespace EdgeAuth.Storage;

/// <summary>
/// A read of the change log. A reader that finds another epoch, a <see cref="Last"/> below its own position, or a
/// <see cref="First"/> beyond the next position has missed changes and drops everything it cached.
/// </summary>
/// <param name="Epoch">Names one life of the log; it changes when the store lost its data.</param>
/// <param name="First">The lowest position still held.</param>
/// <param name="Last">The highest position; 0 when nothing was ever appended.</param>
/// <param name="Changes">The changes after the position asked for, up to <paramref name="Last"/>.</param>
internal sealed record ChangePage(string Epoch, long First, long Last, IReadOnlyList<RecordId> Changes)
{
    /// <summary>How long each change had been in the log when it was read, by the log's own clock; empty where the log does not keep that.</summary>
    public IReadOnlyList<TimeSpan> Ages { get; init; } = [];
}
