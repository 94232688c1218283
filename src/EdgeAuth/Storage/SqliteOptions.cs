namespace EdgeAuth.Storage;

/// <summary>The embedded store: the section <c>EdgeAuth:Storage:Sqlite</c>.</summary>
public sealed class SqliteOptions
{
    /// <summary>The database file, relative to the working directory. Its directory is created when it is missing.</summary>
    public string Path { get; set; } = "data/edgeauth.db";
}
