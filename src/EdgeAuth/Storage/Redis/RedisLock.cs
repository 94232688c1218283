using System.Globalization;
using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>The lock of one record, held while its index entries change, and how the record was found.</summary>
/// <param name="Id">The record.</param>
/// <param name="Token">Names the holder.</param>
/// <param name="Fence">Until when entries may be changed under it, by Redis's clock. The lock itself lasts longer.</param>
/// <param name="Index">The entries that the record has, as text.</param>
/// <param name="Noted">Entries that an earlier, unfinished change may have left, as text.</param>
/// <param name="Expiry">When the record expires, or did; empty for never.</param>
internal sealed record RedisLock(RecordId Id, string Token, string Fence, string Index, string Noted, string Expiry)
{
    /// <summary>Every entry that there may be.</summary>
    public List<RedisIndexEntry> Entries => RedisIndexEntry.Read(Index + Noted);

    public long? ExpiresAt => Expiry.Length > 0 ? long.Parse(Expiry, CultureInfo.InvariantCulture) : null;

    /// <summary>Reads the answer of a script that locked a record.</summary>
    public static RedisLock Read(RecordId id, string token, RedisResult[] answer) =>
        new(id, token, (string)answer[1]!, (string)answer[2]!, (string)answer[3]!, (string)answer[4]!);
}
