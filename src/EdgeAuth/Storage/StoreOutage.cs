using Microsoft.Extensions.Options;

namespace EdgeAuth.Storage;

/// <summary>
/// Whether the store can be asked, told by the store to all who can go on without it for a while. The embedded store is always up.
/// </summary>
internal sealed class StoreOutage(IOptions<StorageOptions> options, TimeProvider time)
{
    private readonly TimeSpan _grace = options.Value.Redis.OutageGrace;
    private long _lastSuccess = time.GetTimestamp();
    private volatile Situation _situation = new(StoreState.Up, null);

    /// <summary>Raised after every change of state, on a thread that nothing else waits for.</summary>
    public event EventHandler? Changed;

    public StoreState State => _situation.State;

    public bool IsDown => _situation.State == StoreState.Down;

    public bool IsReadOnly => _situation.State == StoreState.ReadOnly;

    /// <summary>
    /// What is wrong with how the store is set up though it answers, and what to do about it; null for nothing, or where it cannot be known. Looked
    /// up in the background by the store.
    /// </summary>
    public string? Warning { get; set; }

    /// <summary>Why the store is not up, in words for an operator; null while it is.</summary>
    public string? Reason => _situation.Reason;

    /// <summary>
    /// True while the store is down and its last answer is within <c>EdgeAuth:Storage:Redis:OutageGrace</c>: what is cached may be served although
    /// nobody can tell whether it is still so.
    /// </summary>
    /// <param name="now">A timestamp of the time provider.</param>
    public bool MayServeStale(long now) => IsDown && time.GetElapsedTime(Volatile.Read(ref _lastSuccess), now) <= _grace;

    /// <summary>The store answered a call just now.</summary>
    public void Answered() => Volatile.Write(ref _lastSuccess, time.GetTimestamp());

    /// <summary>Sets the state; only the store does. False when it was so before.</summary>
    public bool Become(StoreState state, string? reason)
    {
        var before = _situation;
        _situation = new Situation(state, state == StoreState.Up ? null : reason);
        if (before.State == state)
        {
            return false;
        }

        if (Changed is { } changed)
        {
            _ = Task.Run(() => changed(this, EventArgs.Empty));
        }

        return true;
    }

    private sealed record Situation(StoreState State, string? Reason);
}
