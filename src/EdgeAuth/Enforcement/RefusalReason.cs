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
