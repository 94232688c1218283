using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>One record to be written, as the scripts take it.</summary>
internal sealed class RedisPut
{
    // How much longer Redis keeps a record that it removes by itself: for nodes whose clocks are behind.
    private const long Slack = 60_000;

    public RedisPut(RecordWrite write, string condition, long now)
    {
        Id = write.Id;
        Condition = condition;

        // Random, so that a record deleted and created anew never shows a version it had before.
        Version = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        Payload = MemoryMarshal.TryGetArray(write.Payload, out var array) && array.Offset == 0 && array.Count == array.Array!.Length ? array.Array : write.Payload.ToArray();
        Expires = write.Expires?.ToUnixTimeMilliseconds();
        Entries = RedisIndexEntry.Of(write.Index, write.Expires);
        Index = RedisIndexEntry.Write(Entries);
        IsSwept = Entries.Count > 0 || (Id.Kind == RecordKind.Key && Expires is not null);
        TimeToLive = IsSwept || Expires is null ? "" : Math.Max(0, Expires.Value - now) + Slack;
    }

    public RecordId Id { get; }

    /// <summary>As the scripts read it: empty, <c>a</c> for absent, or <c>v</c> and a version.</summary>
    public string Condition { get; }

    public long Version { get; }

    public byte[] Payload { get; }

    /// <summary>In Unix milliseconds.</summary>
    public long? Expires { get; }

    public RedisValue ExpiryText => Expires is { } expires ? expires : "";

    public List<RedisIndexEntry> Entries { get; }

    public string Index { get; }

    /// <summary>True where entries or counters go with the record: then the sweeper removes it. Any other goes by Redis's own expiry.</summary>
    public bool IsSwept { get; }

    /// <summary>In milliseconds; empty for none.</summary>
    public RedisValue TimeToLive { get; }

    public RedisLock? Lock { get; set; }

    /// <summary>The mark that was set for this write.</summary>
    public Task<RedisMark>? Mark { get; set; }

    public static string ConditionText(PutCondition condition) =>
        condition.MustBeAbsent ? "a" : condition.MustHaveVersion is { } version ? string.Create(CultureInfo.InvariantCulture, $"v{version}") : "";
}
