namespace EdgeAuth.Storage;

/// <summary>What counts a rate: a window in this process, or a share of one that several nodes count together.</summary>
internal abstract class RateCounter
{
    /// <summary>Takes a permit, unless that would be more than <paramref name="limit"/> in a window. A retired counter takes nothing: find it anew.</summary>
    /// <param name="now">By the monotonic clock.</param>
    /// <param name="limit">Permits per window.</param>
    public abstract RateAnswer TryTake(long now, long limit);

    /// <summary>Undoes a taken permit, for a request that was refused later on, and says how the window stands without it.</summary>
    public abstract RateAnswer GiveBack(in RateAnswer taken, long limit);
}
