using EdgeAuth.Storage;

namespace EdgeAuth.Sessions;

/// <summary>The records that changed.</summary>
internal sealed class ChangesEventArgs(IReadOnlyList<RecordId> changed) : EventArgs
{
    /// <summary>Anything may have changed.</summary>
    public static ChangesEventArgs Everything { get; } = new([]) { IsEverything = true };

    public IReadOnlyList<RecordId> Changed => changed;

    public bool IsEverything { get; private init; }
}
