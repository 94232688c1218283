namespace EdgeAuth.Enforcement.Jwt;

/// <summary>Why a JWT is not taken (spec/tyk.md d.3).</summary>
internal enum JwtFailure
{
    None,

    /// <summary>Too long, not a signed JWT, or one that asks for what is not understood.</summary>
    Malformed,

    /// <summary>Signed with another family than the API's, or not at all.</summary>
    Algorithm,

    /// <summary>No key, a wrong signature, another issuer or audience, or nobody named.</summary>
    Unknown,

    Expired,

    IssuedLater,

    NotYetValid,

    /// <summary>Nothing says which policy it gets.</summary>
    NoPolicyFound,

    /// <summary>The policy it should get is not there, or another organisation's.</summary>
    NoPolicy,

    /// <summary>The identity was switched off.</summary>
    Inactive,

    /// <summary>The keys could not be fetched.</summary>
    Unavailable,
}
