using EdgeAuth.Storage;

namespace EdgeAuth.Sessions;

/// <summary>
/// The latest changes, in the order this node heard of them. A load notes the position before it reads; what it read may be cached only if none
/// of the records it read has changed since.
/// </summary>
internal sealed class ChangeTracker
{
    internal const int Capacity = 4096;

    private readonly RecordId[] _ring = new RecordId[Capacity];
    private long _position;
    private long _lost;

    /// <summary>Held while a change is taken in, and while a load checks and publishes.</summary>
    public Lock Gate { get; } = new();

    public long Position => Interlocked.Read(ref _position);

    /// <summary>To be called under the gate.</summary>
    public void Add(RecordId id)
    {
        _ring[_position % Capacity] = id;
        Interlocked.Increment(ref _position);
    }

    /// <summary>Counts as a change of every record; to be called under the gate.</summary>
    public void AddEverything() => _lost = Interlocked.Increment(ref _position);

    /// <summary>To be called under the gate.</summary>
    public bool ChangedSince(long position, ReadOnlySpan<RecordId> ids)
    {
        if (_lost > position || _position - position > Capacity)
        {
            return true;
        }

        for (var i = position; i < _position; i++)
        {
            if (ids.Contains(_ring[i % Capacity]))
            {
                return true;
            }
        }

        return false;
    }
}
