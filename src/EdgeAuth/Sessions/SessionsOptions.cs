using EdgeAuth.Storage;

namespace EdgeAuth.Sessions;

/// <summary>How sessions are kept in memory and in the store: the section <c>EdgeAuth:Sessions</c>. A change needs a restart.</summary>
public sealed class SessionsOptions
{
    /// <summary>How long a cached session may be served without hearing from the change log. At most 1s, or revocation would take longer.</summary>
    public Duration MaxStaleness { get; set; } = Duration.FromSeconds(0.9);

    /// <summary>How many sessions are kept in memory; the least recently used go first.</summary>
    public int CacheSize { get; set; } = 1_000_000;

    /// <summary>How many unknown credentials are remembered, for at most a second.</summary>
    public int UnknownCacheSize { get; set; } = 100_000;

    /// <summary>How long an expired OAuth token stays known, so that its holder is told that it expired.</summary>
    public Duration ExpiredTokenRetention { get; set; } = Duration.FromSeconds(3600);

    /// <summary>The same for keys that management created.</summary>
    public Duration ExpiredKeyRetention { get; set; } = Duration.FromSeconds(30 * 86400);
}
