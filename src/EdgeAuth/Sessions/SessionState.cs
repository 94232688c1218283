namespace EdgeAuth.Sessions;

/// <summary>What a credential turned out to be.</summary>
internal enum SessionState
{
    /// <summary>No such key, or one whose grant was revoked.</summary>
    Unknown,

    /// <summary>The key is there, the client it was issued to is not.</summary>
    ClientDeleted,

    Alive,
}
