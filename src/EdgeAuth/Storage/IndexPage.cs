namespace EdgeAuth.Storage;

/// <summary>A slice of an index, and the exact number of its unexpired entries.</summary>
internal sealed record IndexPage(IReadOnlyList<IndexPage.Item> Items, long Total)
{
    /// <summary>An entry: the id of its record and the score it is sorted by.</summary>
    internal readonly record struct Item(string Id, long Score);
}
