namespace EdgeAuth.Sessions;

/// <summary>A session with its policies merged in, or why they cannot be (spec/tyk.md e.5).</summary>
internal readonly record struct MergeResult(Session? Session, string? Failure)
{
    public static MergeResult Ok(Session session) => new(session, null);

    public static MergeResult Fail(string reason) => new(null, reason);
}
