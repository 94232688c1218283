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
    private const string Disallowed = "Access to this API has been disallowed";
    private const string NotAuthorized = "Key not authorized";

    private static readonly RefusalText MissingKey = new("credential_missing", 401, "Send the credential that this API asks for.", 401, "Authorization field missing")
    {
        MessageId = "auth.auth_field_missing",
    };

    private static readonly RefusalText MissingToken = MissingKey with
    {
        Detail = "Send an access token in the field Authorization, after the word Bearer.",
        TykStatus = 400,
        MessageId = "oauth.auth_field_missing",
    };

    private static readonly RefusalText MissingPassword = MissingKey with { Detail = "Send user name and password by HTTP Basic authentication.", MessageId = null };

    private static readonly RefusalText MalformedToken = new("credential_malformed", 401, "Send the access token after the word Bearer and a space.", 400, "Bearer token malformed")
    {
        MessageId = "oauth.auth_field_malformed",
    };

    private static readonly RefusalText MalformedPassword = new(
        "credential_malformed", 401, "Send user name and password in base64 after the word Basic and a space.", 400, "Attempted access with malformed header, values not in basic auth format");

    private static readonly RefusalText UnknownToken = new("credential_unknown", 401, "The access token is not known or was revoked; obtain a new one.", 403, "Key not authorised")
    {
        MessageId = "oauth.key_not_found",
    };

    private static readonly RefusalText UnknownKey = new("credential_unknown", 401, "The key is not known or was revoked; obtain a new one.", 403, Disallowed)
    {
        MessageId = "auth.key_not_found",
    };

    private static readonly RefusalText UnknownUser = new("credential_unknown", 401, "User name and password do not belong together; send the right ones.", 401, "User not authorised");

    private static readonly RefusalText ClientDeleted = new(
        "client_deleted", 401, "The token's client does not exist on this API any more; register the client and obtain a new token.", 403, "Key not authorised. OAuth client access was revoked")
    {
        MessageId = "oauth.client_deleted",
    };

    private static readonly RefusalText MissingJwt = MissingToken with { MessageId = null };

    private static readonly RefusalText MalformedJwt = new("credential_malformed", 401, "Send a signed JWT of at most 16 KiB in compact form, without extensions.", 403, NotAuthorized);

    private static readonly RefusalText UnknownJwt = new("credential_unknown", 401, "The token's signature, issuer, audience or subject is not accepted; obtain one from the API's issuer.", 403, NotAuthorized);

    private static readonly RefusalText LookupFailed = Of(RefusalReason.UpstreamUnreachable) with { TykMessage = "Upstream host lookup failed" };

    /// <summary>The id under which <c>override_messages</c> changes it; null where it cannot.</summary>
    public string? MessageId { get; init; }

    /// <summary>True when the cause is the credential, so that the answer says how to authenticate.</summary>
    public bool AsksForCredential => Status == 401;

    public static RefusalText UpstreamLookupFailed => LookupFailed;

    /// <summary>The text of a refusal; the method matters where authentication failed.</summary>
    public static RefusalText Of(RefusalReason reason, AuthMode method) => (reason, method) switch
    {
        (RefusalReason.CredentialMissing, AuthMode.OAuth) => MissingToken,
        (RefusalReason.CredentialMissing, AuthMode.Basic) => MissingPassword,
        (RefusalReason.CredentialMissing, AuthMode.Jwt) => MissingJwt,
        (RefusalReason.CredentialMissing, _) => MissingKey,
        (RefusalReason.CredentialMalformed, AuthMode.Basic) => MalformedPassword,
        (RefusalReason.CredentialMalformed, AuthMode.Jwt) => MalformedJwt,
        (RefusalReason.CredentialMalformed, _) => MalformedToken,
        (RefusalReason.CredentialUnknown, AuthMode.OAuth) => UnknownToken,
        (RefusalReason.CredentialUnknown, AuthMode.Basic) => UnknownUser,
        (RefusalReason.CredentialUnknown, AuthMode.Jwt) => UnknownJwt,
        (RefusalReason.CredentialUnknown, _) => UnknownKey,
        (RefusalReason.ClientDeleted, AuthMode.OAuth) => ClientDeleted,
        (RefusalReason.ClientDeleted, _) => UnknownKey,
        _ => Of(reason),
    };

    // What reads alike whatever the credential.
    private static RefusalText Of(RefusalReason reason) => reason switch
    {
        RefusalReason.VersionMissing => new("version_missing", 403, "Name the version of the API that you want.", 403, "Version information not found"),
        RefusalReason.VersionUnknown => new("version_unknown", 403, "The API has no such version; name one that it has.", 403, "This API version does not seem to exist"),
        RefusalReason.VersionApiUnknown => Of(RefusalReason.VersionUnknown) with { TykStatus = 404 },
        RefusalReason.VersionExpired => new("version_expired", 403, "This version of the API has ended; move to a newer one.", 403, "Api Version has expired, please check documentation or contact administrator"),
        RefusalReason.ApiExpired => new("api_expired", 403, "This API has ended; its documentation says what to use instead.", 403, "API has expired, please check documentation or contact administrator"),
        RefusalReason.PathForbidden => new("path_forbidden", 403, "This path and method are not open to anybody.", 403, "Requested endpoint is forbidden"),
        RefusalReason.IpForbidden => new("ip_forbidden", 403, "The API is closed to the address that this request came from.", 403, "access from this IP has been disallowed"),
        RefusalReason.OrgDisabled => new("org_disabled", 403, "The organisation is switched off; ask who runs the API.", 403, "this organisation access has been disabled, please contact your API administrator"),
        RefusalReason.OrgQuotaExceeded => new("org_quota_exceeded", 429, "The organisation's quota is used up; wait until it renews.", 403, "This organisation quota has been exceeded, please contact your API administrator"),
        RefusalReason.OrgRateExceeded => new("org_rate_exceeded", 429, "The organisation's rate limit is used up; wait for the seconds in Retry-After.", 403, "This organisation rate limit has been exceeded, please contact your API administrator"),
        RefusalReason.TooLarge => new("too_large", 413, "The request is larger than the API takes; send less.", 400, "Request is too large"),
        RefusalReason.LengthRequired => new("length_required", 411, "Say the length of the body in Content-Length.", 411, "Content length is required for this request"),
        RefusalReason.AlgorithmForbidden => new("credential_unknown", 401, "The token is not signed with an algorithm that this API takes.", 403, NotAuthorized + ": Unexpected signing method"),
        RefusalReason.TokenExpired => new("credential_expired", 401, "The token has expired; obtain a new one.", 401, NotAuthorized + ": token has expired"),
        RefusalReason.TokenIssuedLater => new("credential_unknown", 401, "The token says that it was issued later than now; compare the issuer's clock.", 401, NotAuthorized + ": token used before issued"),
        RefusalReason.TokenNotYetValid => new("credential_unknown", 401, "The token is not valid yet; wait, or compare the issuer's clock.", 401, NotAuthorized + ": token is not valid yet"),
        RefusalReason.PolicyMissing => new("api_forbidden", 403, "Nothing in the token says which policy it gets.", 403, "key not authorized: no matching policy found"),
        RefusalReason.PolicyUnknown => new("api_forbidden", 403, "The policy that the token gets does not exist for this API.", 403, "key not authorized: no matching policy"),
        RefusalReason.KeyInactive => new("key_inactive", 403, "The key is switched off; ask who issued it to switch it on.", 403, "Key is inactive, please renew"),
        RefusalReason.CredentialExpired => new("credential_expired", 401, "The credential has expired; obtain a new one.", 401, "Key has expired, please renew"),
        RefusalReason.ApiForbidden => new("api_forbidden", 403, "The credential does not grant this API.", 403, Disallowed),
        RefusalReason.VersionForbidden => new("api_forbidden", 403, "The credential does not grant this version of the API.", 403, Disallowed),
        RefusalReason.UrlForbidden => new("url_forbidden", 403, "The credential does not grant this path and method.", 403, "Access to this resource has been disallowed"),
        RefusalReason.RateExceeded => new("rate_exceeded", 429, "The rate limit is used up; wait for the seconds in Retry-After.", 429, "Rate Limit Exceeded"),
        RefusalReason.QuotaExceeded => new("quota_exceeded", 429, "The quota is used up; wait until it renews.", 403, "Quota exceeded"),
        RefusalReason.ApiRateExceeded => new("api_rate_exceeded", 429, "The API's rate limit for all callers is used up; wait for the seconds in Retry-After.", 429, "API Rate Limit Exceeded"),
        RefusalReason.StoreUnavailable => new("store_unavailable", 503, "The credential cannot be checked at the moment; try again after the seconds in Retry-After.", 503, "The credential cannot be checked at the moment"),
        RefusalReason.UpstreamUnreachable => new("upstream_unreachable", 502, "The upstream cannot be reached; try again later.", 500, "There was a problem proxying the request"),
        RefusalReason.UpstreamTimeout => new("upstream_timeout", 504, "The upstream did not answer in time.", 504, "Upstream service reached hard timeout."),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "A request that passes has no refusal."),
    };
}
