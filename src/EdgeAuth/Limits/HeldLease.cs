using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>The lease a quota counter spends from, or one that must go back first because a reset or a lost call left it in doubt; never both.</summary>
internal struct HeldLease
{
    private long _id;
    private QuotaReturn? _doubtful;

    /// <summary>Permits that may be spent.</summary>
    public long Left { get; private set; }

    public readonly bool IsGood => _id != 0;

    public readonly bool IsDoubtful => _doubtful is not null;

    public readonly long Unspent => Left + (_doubtful?.Unspent ?? 0);

    public readonly bool IsEmpty => Left == 0 && _doubtful is null;

    public void Hold(long id, long permits) => (_id, Left, _doubtful) = (id, permits, null);

    public void Doubt(QuotaReturn? lease) => _doubtful = lease;

    /// <summary>Puts what is held in doubt.</summary>
    public void Doubt() => _doubtful = Take();

    public void Spend() => Left--;

    /// <summary>A permit came back; it goes with the lease, whichever that is.</summary>
    public void PutBack()
    {
        if (IsGood)
        {
            Left++;
        }
        else if (_doubtful is { } lease)
        {
            _doubtful = lease with { Unspent = lease.Unspent + 1 };
        }
    }

    /// <summary>Ends the lease; what is to be returned of it, if there is one.</summary>
    public QuotaReturn? Take()
    {
        var lease = _id == 0 ? _doubtful : new QuotaReturn(_id, Left);
        this = default;
        return lease;
    }
}
