namespace EdgeAuth.Catalog.Writing;

/// <summary>
/// Through this every management call changes what it changes, after all its checks: carried out, or on a dry run only noted. What is written,
/// counted, announced or sent belongs into the function that is carried out.
/// </summary>
internal sealed class ChangeSet
{
    private readonly List<Change>? _noted;

    private ChangeSet(bool isDryRun, bool notes) => (IsDryRun, _noted) = (isDryRun, notes ? [] : null);

    /// <summary>Carries everything out and keeps no notes.</summary>
    public static ChangeSet CarriedOut { get; } = new(isDryRun: false, notes: false);

    public bool IsDryRun { get; }

    /// <summary>What was changed, or on a dry run would have been, in order.</summary>
    public IReadOnlyList<Change> Noted => _noted ?? [];

    /// <summary>Carries everything out and notes it, for one call.</summary>
    public static ChangeSet Noting() => new(isDryRun: false, notes: true);

    /// <summary>Notes everything, for one call.</summary>
    public static ChangeSet DryRun() => new(isDryRun: true, notes: true);

    /// <summary>Carries changes out.</summary>
    /// <param name="changes">What they are.</param>
    /// <param name="write">Writes and announces; false when what was read has changed meanwhile and nothing was written.</param>
    public async ValueTask<bool> CommitAsync(IEnumerable<Change> changes, Func<ValueTask<bool>> write)
    {
        if (!IsDryRun && !await write())
        {
            return false;
        }

        _noted?.AddRange(changes);
        return true;
    }

    /// <summary>Carries changes out that nothing can come before.</summary>
    public async ValueTask CommitAsync(IEnumerable<Change> changes, Func<ValueTask> write) =>
        await CommitAsync(changes, async () =>
        {
            await write();
            return true;
        });
}
