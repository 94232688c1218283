namespace EdgeAuth.Sessions;

/// <summary>A slice of a list of keys: their hashes with the second they expire at, and the number of all of them.</summary>
internal sealed record KeyPage(IReadOnlyList<KeyPage.Item> Items, long Total)
{
    internal readonly record struct Item(string Hash, long Expires);
}
