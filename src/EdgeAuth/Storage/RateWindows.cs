using System.Collections.Concurrent;

namespace EdgeAuth.Storage;

/// <summary>The rate windows of this process by counter. They start anew with the process.</summary>
internal sealed class RateWindows(TimeProvider time)
{
    private readonly ConcurrentDictionary<Identity, RateWindow> _windows = new();

    public int Count => _windows.Count;

    /// <summary>The window of a counter. A changed length is another window: what was counted under the old one does not carry over.</summary>
    public RateWindow Find(CounterId counter, TimeSpan length)
    {
        var ticks = Math.Max(1, (long)(length.TotalSeconds * time.TimestampFrequency));
        return _windows.GetOrAdd(new Identity(counter, ticks), static identity => new RateWindow(identity.Length));
    }

    /// <summary>Forgets the windows that hold nothing.</summary>
    public void Trim()
    {
        var now = time.GetTimestamp();
        foreach (var (identity, window) in _windows)
        {
            if (window.TryRetire(now))
            {
                _windows.TryRemove(KeyValuePair.Create(identity, window));
            }
        }
    }

    private readonly record struct Identity(CounterId Counter, long Length);
}
