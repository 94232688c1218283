namespace EdgeAuth.Sessions;

/// <summary>A Client as the cached sessions of this node know it. They hold it, and are stale once it was dropped.</summary>
internal sealed class ClientStamp(StoredLife? client, long loadedAt)
{
    private volatile bool _dropped;
    private long _loadedAt = loadedAt;

    /// <summary>Null when there is no such client.</summary>
    public ClientLife? Life => client?.Life;

    /// <summary>The policy that the client's tokens get; empty for none.</summary>
    public string PolicyId => client?.PolicyId ?? "";

    /// <summary>What was read of it.</summary>
    public StoredLife? Client => client;

    /// <summary>When the read began, by the monotonic clock.</summary>
    public long LoadedAt => Volatile.Read(ref _loadedAt);

    public bool IsDropped => _dropped;

    /// <summary>It was read again, and is as it was. To be called under the gate of the change tracker.</summary>
    public void Confirm(long readAt) => Volatile.Write(ref _loadedAt, Math.Max(_loadedAt, readAt));

    public void Drop() => _dropped = true;
}
