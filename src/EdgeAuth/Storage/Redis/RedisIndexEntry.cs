using System.Globalization;
using System.Text;
using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>An index entry as a record keeps it: the times in Unix milliseconds.</summary>
internal readonly record struct RedisIndexEntry(string Name, long Score, long? Expires)
{
    private const int ScoreDigits = 16;

    /// <summary>
    /// The entry's name in its index: all have one score there, so that they are sorted by their bytes, which begin with ours. A score of Redis is
    /// a floating-point number, and would not keep one of 64 bits.
    /// </summary>
    public RedisValue MemberFor(string id) => (Score ^ long.MinValue).ToString("x16", CultureInfo.InvariantCulture) + id;

    /// <summary>Whether it is in the same place of the same index as another.</summary>
    public bool IsAt(RedisIndexEntry other) => IsIn(other.Name) && Score == other.Score;

    public bool IsIn(string index) => string.Equals(Name, index, StringComparison.Ordinal);

    /// <summary>The id and score that a member stands for.</summary>
    public static IndexPage.Item ReadMember(string member) => new(
        member[ScoreDigits..],
        long.Parse(member.AsSpan(0, ScoreDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) ^ long.MinValue);

    /// <summary>The entries of a record that expires then; none outlives it.</summary>
    public static List<RedisIndexEntry> Of(IReadOnlyList<IndexEntry> entries, DateTimeOffset? expires)
    {
        var list = new List<RedisIndexEntry>(entries.Count);
        foreach (var entry in entries)
        {
            var earliest = entry.Expires is null || expires < entry.Expires ? expires : entry.Expires;
            list.Add(new RedisIndexEntry(entry.Index, entry.Score, earliest?.ToUnixTimeMilliseconds()));
        }

        return list;
    }

    /// <summary>Entries as text. Two texts one after the other are the text of both.</summary>
    public static string Write(List<RedisIndexEntry> entries)
    {
        if (entries.Count == 0)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var (name, score, expires) in entries)
        {
            text.Append(CultureInfo.InvariantCulture, $"{score}:{expires}:{name.Length}:{name}");
        }

        return text.ToString();
    }

    public static List<RedisIndexEntry> Read(string text)
    {
        var entries = new List<RedisIndexEntry>();
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var score = long.Parse(Next(ref rest), CultureInfo.InvariantCulture);
            var expires = Next(ref rest) is { IsEmpty: false } given ? long.Parse(given, CultureInfo.InvariantCulture) : (long?)null;
            var length = int.Parse(Next(ref rest), CultureInfo.InvariantCulture);
            entries.Add(new RedisIndexEntry(rest[..length].ToString(), score, expires));
            rest = rest[length..];
        }

        return entries;
    }

    private static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf(':');
        var part = rest[..end];
        rest = rest[(end + 1)..];
        return part;
    }
}
