namespace EdgeAuth.Storage;

/// <summary>
/// Whether other nodes may be using the same store. While none does, what this node knows of a counter is exact; else others may have taken from
/// it since it was told.
/// </summary>
internal sealed class Peers
{
    private volatile bool _mayBeThere;

    public bool MayBeThere
    {
        get => _mayBeThere;
        set => _mayBeThere = value;
    }
}
