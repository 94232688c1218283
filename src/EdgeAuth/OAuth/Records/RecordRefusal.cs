namespace EdgeAuth.OAuth.Records;

/// <summary>Why a token record was not created or changed. Nothing was written.</summary>
internal enum RecordRefusal
{
    None = 0,

    /// <summary>The realm does not issue tokens of that grant type.</summary>
    GrantTypeUnsupported,

    /// <summary>The grant type needs a subject.</summary>
    SubjectMissing,

    SubjectTooLong,

    SubjectNotAscii,

    /// <summary>The realm declares its scopes, and not this one; or the text is no scope at all (RFC 6749 section 3.3).</summary>
    ScopeUnsupported,

    ClientUnknown,

    /// <summary>The client is of another realm only.</summary>
    ClientForeign,

    PropertiesTooLarge,

    /// <summary>A value for a refresh token was given where the realm issues none.</summary>
    RefreshTokenUnsupported,

    /// <summary>A value for a refresh token was given with the implicit grant.</summary>
    RefreshTokenOfImplicit,

    /// <summary>A value for a refresh token was given with client credentials.</summary>
    RefreshTokenOfClientCredentials,

    AccessTokenInUse,

    RefreshTokenInUse,

    /// <summary>Some other value cannot be taken; the reason says which.</summary>
    ValueUnacceptable,

    /// <summary>There is no such token any more, or there never was.</summary>
    TokenUnknown,

    /// <summary>The token is of another realm.</summary>
    TokenForeign,

    /// <summary>The token's client is gone.</summary>
    ClientGone,
}
