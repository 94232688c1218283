using System.Security.Cryptography;

namespace EdgeAuth.Storage.Sqlite;

/// <summary>
/// The change log of a store that one process owns: kept in memory, since the only caches that learn from it end with the process.
/// </summary>
internal sealed class InProcessChangeLog : IChangeLog
{
    internal const int Capacity = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<RecordId> _held = new();
    private string _epoch = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private long _last;

    public event EventHandler? Appended;

    public ValueTask<long> AppendAsync(IReadOnlyList<RecordId> changed, CancellationToken cancellationToken)
    {
        long last;
        lock (_gate)
        {
            foreach (var id in changed)
            {
                _held.Enqueue(id);
                _last++;
                if (_held.Count > Capacity)
                {
                    _held.Dequeue();
                }
            }

            last = _last;
        }

        Appended?.Invoke(this, EventArgs.Empty);
        return new(last);
    }

    public ValueTask RaiseEpochAsync(string seen, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _epoch = string.Equals(_epoch, seen, StringComparison.Ordinal) ? RandomNumberGenerator.GetHexString(16, lowercase: true) : _epoch;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<ChangePage> ReadAsync(long after, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var first = _last - _held.Count + 1;
            var skip = Math.Max(0, after - first + 1);
            IReadOnlyList<RecordId> changes = skip >= _held.Count ? [] : [.. _held.Skip((int)skip)];
            return new(new ChangePage(_epoch, first, _last, changes));
        }
    }
}
