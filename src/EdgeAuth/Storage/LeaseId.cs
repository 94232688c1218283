using System.Security.Cryptography;

namespace EdgeAuth.Storage;

/// <summary>
/// Names a lease before it is granted, so that one whose grant was never heard can be told from others. A source holds one lease at a time, and
/// the sequence rises with each call, so that a call that comes late is recognised. As a number it is the source followed by 24 bits of sequence.
/// </summary>
internal readonly record struct LeaseId(long Value)
{
    private const int SequenceBits = 24;
    private const long SequenceMask = (1L << SequenceBits) - 1;

    public long Source => Value >> SequenceBits;

    public long Sequence => Value & SequenceMask;

    /// <summary>The next call of the same source; of another one when its sequence is used up.</summary>
    public LeaseId Next() => Sequence == SequenceMask ? New() : new LeaseId(Value + 1);

    /// <summary>The first call of a new source.</summary>
    public static LeaseId New() => new(((BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & long.MaxValue) & ~SequenceMask) | 1);
}
