namespace EdgeAuth.Catalog.Writing;

internal enum CatalogWriteOutcome
{
    Written,

    /// <summary>No file has it.</summary>
    NotFound,

    /// <summary>The configuration would have an error that it does not have now.</summary>
    Refused,

    /// <summary>The directory cannot be read whole, or not be written; the log says why.</summary>
    Failed,
}
