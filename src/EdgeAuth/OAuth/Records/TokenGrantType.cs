namespace EdgeAuth.OAuth.Records;

/// <summary>How a token record came about, as stored.</summary>
internal static class TokenGrantType
{
    public const string AuthorizationCode = "authorization_code";
    public const string Implicit = "implicit";
    public const string Password = "password";
    public const string ClientCredentials = "client_credentials";
    public const string Ciba = "ciba";
    public const string DeviceCode = "device_code";
    public const string TokenExchange = "token_exchange";
    public const string JwtBearer = "jwt_bearer";
}
