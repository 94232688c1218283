namespace EdgeAuth.Catalog.Writing;

/// <summary>
/// Through this every management call changes what it changes, after all its checks: carried out, or on a dry run only noted. What is written,
/// counted, announced or sent belongs into the function that is carried out.
/// </summary>
internal sealed class ChangeSet
{
    private readonly List<Change> _noted = [];

    private ChangeSet(bool isDryRun) => IsDryRun = isDryRun;

    /// <summary>Carries everything out.</summary>
    public static ChangeSet CarriedOut { get; } = new(isDryRun: false);

    public bool IsDryRun { get; }

    /// <summary>What a dry run would have changed, in order.</summary>
    public IReadOnlyList<Change> Noted => _noted;

    /// <summary>Notes everything, for one call.</summary>
    public static ChangeSet DryRun() => new(isDryRun: true);

    /// <summary>Carries changes out.</summary>
    /// <param name="changes">What they are.</param>
    /// <param name="write">Writes and announces; false when what was read has changed meanwhile and nothing was written.</param>
    public async ValueTask<bool> CommitAsync(IEnumerable<Change> changes, Func<ValueTask<bool>> write)
    {
        if (!IsDryRun)
        {
            return await write();
        }

        _noted.AddRange(changes);
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
