namespace EdgeAuth.Sessions;

/// <summary>The part of a stored Client or Grant that a session load reads; the rest is its owner's affair.</summary>
internal sealed record StoredLife
{
    public ClientLife? Life { get; init; }
}
