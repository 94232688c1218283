using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeAuth.Storage.Sqlite;

/// <summary>An index entry as a record names it.</summary>
/// <param name="Name">The index.</param>
/// <param name="Score">Where in it.</param>
/// <param name="Early">When it expires, in Unix milliseconds, if that is before its record does.</param>
internal readonly record struct SqliteIndexEntry(string Name, long Score, long? Early)
{
    public static SqliteIndexEntry Of(IndexEntry entry, DateTimeOffset? recordExpires) =>
        new(entry.Index, entry.Score, entry.Expires is { } own && (recordExpires is null || own < recordExpires) ? own.ToUnixTimeMilliseconds() : null);

    /// <summary>Entries as text; null for none.</summary>
    public static string? Write(ReadOnlySpan<SqliteIndexEntry> entries)
    {
        if (entries.IsEmpty)
        {
            return null;
        }

        var text = new StringBuilder(64 * entries.Length).Append('[');
        foreach (var (name, score, early) in entries)
        {
            text.Append(text.Length == 1 ? "[" : ",[").Append(CultureInfo.InvariantCulture, $"{score},\"").Append(JsonEncodedText.Encode(name).Value).Append("\",");
            _ = early is { } expires ? text.Append(CultureInfo.InvariantCulture, $"{expires}]") : text.Append("null]");
        }

        return text.Append(']').ToString();
    }

    public static List<SqliteIndexEntry> Read(string? text)
    {
        var entries = new List<SqliteIndexEntry>();
        if (text is null)
        {
            return entries;
        }

        using var document = JsonDocument.Parse(text);
        foreach (var entry in document.RootElement.EnumerateArray())
        {
            var early = entry[2];
            entries.Add(new SqliteIndexEntry(entry[1].GetString()!, entry[0].GetInt64(), early.ValueKind == JsonValueKind.Null ? null : early.GetInt64()));
        }

        return entries;
    }
}
