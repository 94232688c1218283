using System.Text.Json.Serialization;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>The body of create (spec/authlete.md 2.1). Null, zero, false and the empty text all mean that nothing was given.</summary>
internal sealed record AuthleteCreateRequest
{
    [JsonConverter(typeof(AuthleteGrantTypeConverter))]
    public string? GrantType { get; init; }

    [JsonConverter(typeof(AuthleteNumberConverter))]
    public long? ClientId { get; init; }

    public string? Subject { get; init; }

    public IReadOnlyList<string?>? Scopes { get; init; }

    public long? AccessTokenDuration { get; init; }

    public long? RefreshTokenDuration { get; init; }

    public IReadOnlyList<AuthletePropertyDraft?>? Properties { get; init; }

    public bool? ClientIdAliasUsed { get; init; }

    public bool? ClientEntityIdUsed { get; init; }

    public string? AccessToken { get; init; }

    public string? RefreshToken { get; init; }

    public bool? AccessTokenPersistent { get; init; }

    public string? CertificateThumbprint { get; init; }

    public string? DpopKeyThumbprint { get; init; }

    public AuthleteAuthorizationDetails? AuthorizationDetails { get; init; }

    public IReadOnlyList<string?>? Resources { get; init; }

    public bool? ForExternalAttachment { get; init; }

    public string? JwtAtClaims { get; init; }

    public string? Acr { get; init; }

    public long? AuthTime { get; init; }

    public static AuthleteCreateRequest Of(AuthleteForm form) => new()
    {
        GrantType = form.Text("grantType"),
        ClientId = form.Number("clientId"),
        Subject = form.Text("subject"),
        Scopes = form.List("scopes"),
        AccessTokenDuration = form.Number("accessTokenDuration"),
        RefreshTokenDuration = form.Number("refreshTokenDuration"),
        ClientIdAliasUsed = form.Flag("clientIdAliasUsed"),
        ClientEntityIdUsed = form.Flag("clientEntityIdUsed"),
        AccessToken = form.Text("accessToken"),
        RefreshToken = form.Text("refreshToken"),
        AccessTokenPersistent = form.Flag("accessTokenPersistent"),
        CertificateThumbprint = form.Text("certificateThumbprint"),
        DpopKeyThumbprint = form.Text("dpopKeyThumbprint"),
        Resources = form.List("resources"),
        ForExternalAttachment = form.Flag("forExternalAttachment"),
        JwtAtClaims = form.Text("jwtAtClaims"),
        Acr = form.Text("acr"),
        AuthTime = form.Number("authTime"),
    };
}
