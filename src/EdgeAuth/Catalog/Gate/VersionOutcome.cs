namespace EdgeAuth.Catalog.Gate;

/// <summary>What a request asks for where each version is an API of its own.</summary>
internal enum VersionOutcome
{
    /// <summary>The API that has the versions.</summary>
    Own,

    /// <summary>One of its versions.</summary>
    Other,

    /// <summary>No version, and there is no default.</summary>
    Missing,

    /// <summary>A version that there is not.</summary>
    Unknown,
}
