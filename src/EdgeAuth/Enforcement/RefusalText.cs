using EdgeAuth.Catalog;

namespace EdgeAuth.Enforcement;

/// <summary>How a refusal reads in both styles (design: data plane errors; spec/tyk.md d.2, d.3, j.9).</summary>
/// <param name="Code">The stable code of the <c>rfc</c> style.</param>
/// <param name="Status">The status of the <c>rfc</c> style.</param>
/// <param name="Detail">What the caller can do.</param>
/// <param name="TykStatus">The status of the <c>tyk</c> style.</param>
/// <param name="TykMessage">Tyk's wording.</param>
internal sealed record RefusalText(string Code, int Status, string Detail, int TykStatus, string TykMessage)
{
    private static readonly RefusalText MissingKey = new("credential_missing", 401, "Send the credential that this API asks for.", 401, "Authorization field missing");

    private static readonly RefusalText MissingToken = MissingKey with { Detail = "Send an access token in the field Authorization, after the word Bearer.", TykStatus = 400 };

    private static readonly RefusalText Malformed = new("credential_malformed", 401, "Send the access token after the word Bearer and a space.", 400, "Bearer token malformed");

    private static readonly RefusalText UnknownToken = new("credential_unknown", 401, "The access token is not known or was revoked; obtain a new one.", 403, "Key not authorised");

    private static readonly RefusalText UnknownKey = new("credential_unknown", 401, "The key is not known or was revoked; obtain a new one.", 403, "Access to this API has been disallowed");

    private static readonly RefusalText ClientDeleted = new("client_deleted", 401, "The token's client does not exist on this API any more; register the client and obtain a new token.", 403, "Key not authorised. OAuth client access was revoked");

    private static readonly RefusalText Inactive = new("key_inactive", 403, "The key is switched off; ask who issued it to switch it on.", 403, "Key is inactive, please renew");

    private static readonly RefusalText Expired = new("credential_expired", 401, "The credential has expired; obtain a new one.", 401, "Key has expired, please renew");

    private static readonly RefusalText ApiForbidden = new("api_forbidden", 403, "The credential does not grant this API.", 403, "Access to this API has been disallowed");

    private static readonly RefusalText UrlForbidden = new("url_forbidden", 403, "The credential does not grant this path and method.", 403, "Access to this resource has been disallowed");

    private static readonly RefusalText Rate = new("rate_exceeded", 429, "The rate limit is used up; wait for the seconds in Retry-After.", 429, "Rate Limit Exceeded");

    private static readonly RefusalText Quota = new("quota_exceeded", 429, "The quota is used up; wait until it renews.", 403, "Quota exceeded");

    private static readonly RefusalText Unavailable = new("store_unavailable", 503, "The credential cannot be checked at the moment; try again after the seconds in Retry-After.", 503, "The credential cannot be checked at the moment");

    private static readonly RefusalText Unreachable = new("upstream_unreachable", 502, "The upstream cannot be reached; try again later.", 500, "There was a problem proxying the request");

    private static readonly RefusalText LookupFailed = Unreachable with { TykMessage = "Upstream host lookup failed" };

    private static readonly RefusalText Timeout = new("upstream_timeout", 504, "The upstream did not answer in time.", 504, "Upstream service reached hard timeout.");

    /// <summary>True when the cause is the credential, so that the answer says how to authenticate.</summary>
    public bool AsksForCredential => Status == 401;

    public static RefusalText UpstreamLookupFailed => LookupFailed;

    public static RefusalText Of(RefusalReason reason, AuthMode auth) => reason switch
    {
        RefusalReason.CredentialMissing => auth == AuthMode.OAuth ? MissingToken : MissingKey,
        RefusalReason.CredentialMalformed => Malformed,
        RefusalReason.CredentialUnknown => auth == AuthMode.OAuth ? UnknownToken : UnknownKey,
        RefusalReason.ClientDeleted => auth == AuthMode.OAuth ? ClientDeleted : UnknownKey,
        RefusalReason.KeyInactive => Inactive,
        RefusalReason.CredentialExpired => Expired,
        RefusalReason.ApiForbidden => ApiForbidden,
        RefusalReason.UrlForbidden => UrlForbidden,
        RefusalReason.RateExceeded => Rate,
        RefusalReason.QuotaExceeded => Quota,
        RefusalReason.StoreUnavailable => Unavailable,
        RefusalReason.UpstreamUnreachable => Unreachable,
        RefusalReason.UpstreamTimeout => Timeout,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "A request that passes has no refusal."),
    };
}
