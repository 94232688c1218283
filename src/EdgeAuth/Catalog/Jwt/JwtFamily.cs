namespace EdgeAuth.Catalog.Jwt;

/// <summary>What an API's JWTs may be signed with: <c>jwt_signing_method</c>. One family only, so that a key of one is never tried as one of another.</summary>
internal enum JwtFamily
{
    /// <summary>HS256, HS384, HS512.</summary>
    Hmac,

    /// <summary>RS256, RS384, RS512, PS256, PS384, PS512.</summary>
    Rsa,

    /// <summary>ES256, ES384, ES512.</summary>
    Ecdsa,
}
