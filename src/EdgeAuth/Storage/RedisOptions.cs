namespace EdgeAuth.Storage;

/// <summary>The store that many nodes share: the section <c>EdgeAuth:Storage:Redis</c>.</summary>
public sealed class RedisOptions
{
    /// <summary>
    /// Where Redis is and how to speak to it: <c>host:port</c> of each server, and options such as <c>password=</c>, <c>ssl=true</c> and
    /// <c>defaultDatabase=</c>, separated by commas.
    /// </summary>
    public string Configuration { get; set; } = "localhost:6379";

    /// <summary>
    /// A file of certificate authorities in PEM, which are trusted in place of the system's where Redis speaks TLS; null for the system's.
    /// </summary>
    public string? CertificateAuthorities { get; set; }

    /// <summary>How long one call to Redis may take. A read that fails is tried a second time.</summary>
    public Duration Timeout { get; set; } = Duration.FromSeconds(0.5);

    /// <summary>How long cached sessions are served while Redis is away, counted from the last call it answered.</summary>
    public Duration OutageGrace { get; set; } = Duration.FromSeconds(10);

    /// <summary>What every key begins with, so that several installations can share a Redis.</summary>
    public string Prefix { get; set; } = "ea:";
}
