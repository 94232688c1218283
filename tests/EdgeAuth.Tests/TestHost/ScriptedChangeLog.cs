using EdgeAuth.Storage;

namespace EdgeAuth.Tests.TestHost;

/// <summary>A change log that answers what a test tells it to.</summary>
internal sealed class ScriptedChangeLog : IChangeLog
{
    private int _reads;

    /// <summary>The page of the next read; null when the log cannot be read.</summary>
    public ChangePage? Next { get; set; } = new("epoch", 1, 0, []);

    /// <summary>How often it was read.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>The position of the last read.</summary>
    public long After { get; private set; }

    /// <summary>Runs before an answer.</summary>
    public Func<Task> Before { get; set; } = static () => Task.CompletedTask;

    /// <summary>The epochs that were ended.</summary>
    public List<string> Ended { get; } = [];

    public event EventHandler? Appended;

    /// <summary>Hints at news.</summary>
    public void Hint() => Appended?.Invoke(this, EventArgs.Empty);

    public ValueTask RaiseEpochAsync(string seen, CancellationToken cancellationToken)
    {
        if (Refuses)
        {
            throw new StoreUnavailableException("gone");
        }

        Ended.Add(seen);
        return ValueTask.CompletedTask;
    }

    /// <summary>True when nothing can be appended.</summary>
    public bool Refuses { get; set; }

    // Before every position that a page is given, so that what a page brings is another node's.
    public ValueTask<long> AppendAsync(IReadOnlyList<RecordId> changed, CancellationToken cancellationToken) =>
        Refuses ? ValueTask.FromException<long>(new StoreUnavailableException("gone")) : new(0);

    public async ValueTask<ChangePage> ReadAsync(long after, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        After = after;
        await Before();
        return Next ?? throw new StoreUnavailableException("gone");
    }
}
