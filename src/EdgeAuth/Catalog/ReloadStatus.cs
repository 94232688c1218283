namespace EdgeAuth.Catalog;

/// <summary>What became of reloads, for readiness.</summary>
internal sealed class ReloadStatus
{
    private volatile ReloadOutcome? _last;
    private long _succeeded;
    private long _failed;

    /// <summary>Null until something has been reloaded.</summary>
    public ReloadOutcome? Last => _last;

    public long Succeeded => Interlocked.Read(ref _succeeded);

    public long Failed => Interlocked.Read(ref _failed);

    public void Record(ReloadOutcome outcome)
    {
        _last = outcome;
        Interlocked.Increment(ref outcome.Succeeded ? ref _succeeded : ref _failed);
    }
}
