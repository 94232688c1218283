namespace EdgeAuth.Storage;

/// <summary>What a stored record is. The numbers are persisted and never reused.</summary>
internal enum RecordKind
{
    Key = 1,
    Grant = 2,
    Client = 3,
    Code = 4,
    RefreshToken = 5,
    KeyRing = 6,

    /// <summary>Not a record: in the change log it says that the counters of an owner were reset.</summary>
    Counter = 7,

    /// <summary>The session of an organisation.</summary>
    OrgSession = 8,

    /// <summary>Not a record: in the change log it says that every node must reload its configuration.</summary>
    Reload = 9,
}
