namespace EdgeAuth.OAuth;

/// <summary>What went wrong in an OAuth request, apart from how it is told.</summary>
internal enum OAuthFailure
{
    InvalidRequest,

    /// <summary>No client credentials at all, or in a form that cannot be read.</summary>
    NoClientCredentials,
    UnknownClient,
    WrongSecret,
    NoRedirectUri,

    /// <summary>The redirect URI is not one of the client's, or not the one of the authorization request.</summary>
    RedirectMismatch,
    UnsupportedResponseType,
    UnsupportedGrantType,
    InvalidGrant,

    /// <summary>The refresh token is another client's.</summary>
    ForeignRefreshToken,
    InvalidScope,
    AccessDenied,

    /// <summary>There is nothing to make a token of: no rules and no policy.</summary>
    NoRules,
    Unavailable,
}
