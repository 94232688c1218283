using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace EdgeAuth.Sessions;

/// <summary>
/// A bounded map that keeps what was used recently: a young and an old half. A find in the old half moves to the young one; when the young
/// one is full it becomes the old one and the old one goes. Finding takes no lock.
/// </summary>
internal sealed class RecentlyUsedCache<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly int _half = Math.Max(1, capacity / 2);
    private readonly Lock _changing = new();
    private int _added;
    private volatile Halves _halves = new(new(), new());

    public int Count => _halves.Young.Count + _halves.Old.Count;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var halves = _halves;
        return halves.Young.TryGetValue(key, out value) || (halves.Old.TryGetValue(key, out value) && Promote(key));
    }

    public void Set(TKey key, TValue value)
    {
        lock (_changing)
        {
            Add(key, value);
        }
    }

    /// <summary>Adds a value unless there is one; returns the one that stands there.</summary>
    public TValue GetOrAdd(TKey key, TValue value)
    {
        lock (_changing)
        {
            if (TryGet(key, out var known))
            {
                return known;
            }

            Add(key, value);
            return value;
        }
    }

    /// <summary>Removes a key and hands over what stood under it, in either half.</summary>
    public void Remove(TKey key, Action<TValue> removed)
    {
        lock (_changing)
        {
            if (_halves.Old.TryRemove(key, out var old))
            {
                removed(old);
            }

            if (_halves.Young.TryRemove(key, out var young))
            {
                removed(young);
            }
        }
    }

    public void Clear()
    {
        lock (_changing)
        {
            _halves = new Halves(new(), new());
            _added = 0;
        }
    }

    // Under the lock and only while it is still there, so that what is being removed is never put back.
    private bool Promote(TKey key)
    {
        lock (_changing)
        {
            if (_halves.Old.TryGetValue(key, out var value))
            {
                Add(key, value);
            }
        }

        return true;
    }

    private void Add(TKey key, TValue value)
    {
        if (!_halves.Young.TryAdd(key, value))
        {
            _halves.Young[key] = value;
            return;
        }

        if (++_added > _half)
        {
            _halves = new Halves(new(), _halves.Young);
            _added = 0;
        }
    }

    private sealed record Halves(ConcurrentDictionary<TKey, TValue> Young, ConcurrentDictionary<TKey, TValue> Old);
}
