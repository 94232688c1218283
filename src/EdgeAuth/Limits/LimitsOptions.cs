using EdgeAuth.Storage;

namespace EdgeAuth.Limits;

/// <summary>How limits are counted: the section <c>EdgeAuth:Limits</c>. A change needs a restart.</summary>
public sealed class LimitsOptions
{
    /// <summary>How many requests may wait for one refill of a counter; more are answered 503.</summary>
    public int MaxWaiters { get; set; } = 1024;

    /// <summary>How many requests may be held and tried again at once, where a key is throttled; more are refused at once.</summary>
    public int MaxHeld { get; set; } = 1024;

    /// <summary>A quota lease that was not used for this long is returned.</summary>
    public Duration LeaseIdle { get; set; } = Duration.FromSeconds(1);
}
