namespace EdgeAuth.Dialects.Authlete;

/// <summary>The body of update (spec/authlete.md 2.5). Null, zero, false and the empty text leave things as they are; an empty list empties.</summary>
internal sealed record AuthleteUpdateRequest
{
    public string? AccessToken { get; init; }

    public string? AccessTokenHash { get; init; }

    public string? RefreshToken { get; init; }

    public string? RefreshTokenHash { get; init; }

    public long? AccessTokenExpiresAt { get; init; }

    public long? RefreshTokenExpiresAt { get; init; }

    public IReadOnlyList<string?>? Scopes { get; init; }

    public IReadOnlyList<AuthletePropertyDraft?>? Properties { get; init; }

    public bool? AccessTokenExpiresAtUpdatedOnScopeUpdate { get; init; }

    public bool? RefreshTokenExpiresAtUpdatedOnScopeUpdate { get; init; }

    public bool? AccessTokenValueUpdated { get; init; }

    public bool? AccessTokenPersistent { get; init; }

    public string? CertificateThumbprint { get; init; }

    public string? DpopKeyThumbprint { get; init; }

    public AuthleteAuthorizationDetails? AuthorizationDetails { get; init; }

    public bool? ForExternalAttachment { get; init; }

    public static AuthleteUpdateRequest Of(AuthleteForm form) => new()
    {
        AccessToken = form.Text("accessToken"),
        AccessTokenHash = form.Text("accessTokenHash"),
        RefreshToken = form.Text("refreshToken"),
        RefreshTokenHash = form.Text("refreshTokenHash"),
        AccessTokenExpiresAt = form.Number("accessTokenExpiresAt"),
        RefreshTokenExpiresAt = form.Number("refreshTokenExpiresAt"),
        Scopes = form.List("scopes"),
        AccessTokenExpiresAtUpdatedOnScopeUpdate = form.Flag("accessTokenExpiresAtUpdatedOnScopeUpdate"),
        RefreshTokenExpiresAtUpdatedOnScopeUpdate = form.Flag("refreshTokenExpiresAtUpdatedOnScopeUpdate"),
        AccessTokenValueUpdated = form.Flag("accessTokenValueUpdated"),
        AccessTokenPersistent = form.Flag("accessTokenPersistent"),
        CertificateThumbprint = form.Text("certificateThumbprint"),
        DpopKeyThumbprint = form.Text("dpopKeyThumbprint"),
        ForExternalAttachment = form.Flag("forExternalAttachment"),
    };
}
