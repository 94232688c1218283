namespace EdgeAuth.Sessions;

/// <summary>The session of an organisation as this node knows it.</summary>
internal sealed class OrgEntry(Session? session, long loadedAt)
{
    private volatile bool _dropped;

    /// <summary>Its limits and whether it is switched off; null when the organisation has no session, and so no limits of its own.</summary>
    public Session? Session => session;

    /// <summary>When the read began, by the monotonic clock.</summary>
    public long LoadedAt => loadedAt;

    /// <summary>True once the session was written or removed.</summary>
    public bool IsDropped => _dropped;

    public void Drop() => _dropped = true;
}
