namespace EdgeAuth.OAuth.Records;

/// <summary>Which token records are listed, by their access tokens.</summary>
internal enum RecordStatus
{
    All = 0,

    /// <summary>Those that can be used.</summary>
    Valid,

    /// <summary>Those that have ended, though their refresh tokens may live.</summary>
    Invalid,
}
