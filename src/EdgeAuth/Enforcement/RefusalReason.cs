namespace EdgeAuth.Enforcement;

/// <summary>Why a request does not pass.</summary>
internal enum RefusalReason
{
    None,
    VersionMissing,
    VersionUnknown,
    VersionApiUnknown,
    VersionExpired,
    ApiExpired,
    PathForbidden,
    IpForbidden,
    OrgDisabled,
    OrgQuotaExceeded,
    OrgRateExceeded,
    TooLarge,
    LengthRequired,
    CredentialMissing,
    CredentialMalformed,
    CredentialUnknown,

    /// <summary>A JWT signed with another family than the API's, or not at all.</summary>
    AlgorithmForbidden,

    /// <summary>A JWT whose own time is over.</summary>
    TokenExpired,
    TokenIssuedLater,
    TokenNotYetValid,

    /// <summary>Nothing says which policy a JWT gets.</summary>
    PolicyMissing,

    /// <summary>The policy that a JWT should get is not there, or another organisation's.</summary>
    PolicyUnknown,
    ClientDeleted,
    KeyInactive,
    CredentialExpired,
    ApiForbidden,
    VersionForbidden,
    UrlForbidden,
    RateExceeded,
    QuotaExceeded,
    ApiRateExceeded,
    StoreUnavailable,
    UpstreamUnreachable,
    UpstreamTimeout,
}
