namespace EdgeAuth.Storage;

/// <summary>Where records and durable counters live: the section <c>EdgeAuth:Storage</c>. A change needs a restart.</summary>
public sealed class StorageOptions
{
    /// <summary>The store in use: <c>sqlite</c>, an embedded file for one node.</summary>
    public string Provider { get; set; } = "sqlite";

    /// <summary>Settings of the embedded store.</summary>
    public SqliteOptions Sqlite { get; set; } = new();
}
