using System.Globalization;
using System.Security.Cryptography;
using StackExchange.Redis;

namespace EdgeAuth.Storage.Redis;

/// <summary>
/// The change log in Redis: a capped list, its last position and its epoch. An entry begins with a tag that no other append has, by which a reader
/// recognises that a failover lost what it read and others have written in its place; then comes when it was appended, by Redis's clock.
/// </summary>
internal sealed class RedisChangeLog : IChangeLog
{
    internal const int Capacity = 16 * 1024;

    private const int TagLength = 8;

    // Of an answer to a read, before the entries.
    private const int Heads = 4;

    private static readonly RedisScript Append = new("log_append");
    private static readonly RedisScript Read = new("log_read");
    private static readonly RedisScript Raise = new("log_raise");

    private readonly RedisLink _link;
    private readonly RedisKey[] _keys;
    private readonly string _channel;
    private Seen? _seen;

    public RedisChangeLog(RedisLink link)
    {
        _link = link;
        _keys = [link.Keys.Shared("log", ":s"), link.Keys.Shared("log", ":l")];
        _channel = link.Keys.Shared("log", ":news")!;
        link.Subscribe(_channel, () => Appended?.Invoke(this, EventArgs.Empty));
    }

    public event EventHandler? Appended;

    public async ValueTask<long> AppendAsync(IReadOnlyList<RecordId> changed, CancellationToken cancellationToken)
    {
        var tag = NewTag(TagLength);
        RedisValue[] arguments =
        [
            NewEpoch(), Capacity, _channel, tag,
            .. changed.Select(static id => (RedisValue)string.Create(CultureInfo.InvariantCulture, $"{(int)id.Kind}:{id.Id}")),
        ];
        return (long)await _link.EvalAsync(Append, _keys, arguments, RedisUse.Write, cancellationToken);
    }

    public async ValueTask<ChangePage> ReadAsync(long after, CancellationToken cancellationToken)
    {
        var known = _seen is { } seen && seen.Position == after ? seen.Tag : "";
        var offered = NewEpoch();
        var answer = (RedisValue[])(await _link.EvalAsync(Read, _keys, [offered, after, known], RedisUse.Read, cancellationToken))!;
        var now = (long)answer[3];
        var changes = new RecordId[answer.Length - Heads];
        var ages = new TimeSpan[changes.Length];
        for (var i = 0; i < changes.Length; i++)
        {
            (changes[i], var appended) = ReadEntry(answer[i + Heads]!);
            ages[i] = TimeSpan.FromMilliseconds(Math.Max(0, now - appended));
        }

        var last = (long)answer[2];
        if (changes.Length > 0)
        {
            _seen = new Seen(last, ((string)answer[^1]!)[..TagLength]);
        }
        else if (answer[0] == offered)
        {
            // As many were replaced as were lost: what was seen at this position is no more, and must not differ again with the next read.
            _seen = null;
        }

        return new ChangePage(answer[0]!, (long)answer[1], last, changes) { Ages = ages };
    }

    public async ValueTask RaiseEpochAsync(string seen, CancellationToken cancellationToken) =>
        await _link.EvalAsync(Raise, [_keys[0]], [seen, NewEpoch()], RedisUse.Write, cancellationToken);

    // Tag, milliseconds, kind, id.
    private static (RecordId Id, long Appended) ReadEntry(string entry)
    {
        var rest = entry.AsSpan(TagLength);
        var time = rest.IndexOf(':');
        var end = time + 1 + rest[(time + 1)..].IndexOf(':');
        var kind = (RecordKind)int.Parse(rest[(time + 1)..end], CultureInfo.InvariantCulture);
        return (new RecordId(kind, rest[(end + 1)..].ToString()), long.Parse(rest[..time], CultureInfo.InvariantCulture));
    }

    private static string NewEpoch() => NewTag(2 * TagLength);

    private static string NewTag(int length) => RandomNumberGenerator.GetHexString(length, lowercase: true);

    // How the entry at a position began.
    private sealed record Seen(long Position, string Tag);
}
