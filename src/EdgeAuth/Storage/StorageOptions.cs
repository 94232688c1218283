namespace EdgeAuth.Storage;

/// <summary>Where records and durable counters live: the section <c>EdgeAuth:Storage</c>. A change needs a restart.</summary>
public sealed class StorageOptions
{
    /// <summary>The store in use: <c>sqlite</c>, an embedded file for one node, or <c>redis</c>, which many nodes share.</summary>
    public string Provider { get; set; } = "sqlite";

    /// <summary>Settings of the embedded store.</summary>
    public SqliteOptions Sqlite { get; set; } = new();

    /// <summary>Settings of the shared store.</summary>
    public RedisOptions Redis { get; set; } = new();

    internal bool UsesRedis() => string.Equals(Provider, "redis", StringComparison.OrdinalIgnoreCase);
}
