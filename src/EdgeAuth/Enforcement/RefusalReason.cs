namespace EdgeAuth.Enforcement;

/// <summary>Why a request does not pass.</summary>
internal enum RefusalReason
{
    None,
    CredentialMissing,
    CredentialMalformed,
    CredentialUnknown,
    ClientDeleted,
    KeyInactive,
    CredentialExpired,
    ApiForbidden,
    UrlForbidden,
    RateExceeded,
    QuotaExceeded,
    StoreUnavailable,
    UpstreamUnreachable,
    UpstreamTimeout,
}
