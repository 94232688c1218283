namespace EdgeAuth.Storage;

/// <summary>Whether the store can be asked. The numbers are what the metric shows.</summary>
internal enum StoreState
{
    Up = 0,

    /// <summary>It answers reads and refuses writes, as a full Redis does.</summary>
    ReadOnly = 1,

    /// <summary>It does not answer.</summary>
    Down = 2,
}
