using EdgeAuth.Catalog;
using EdgeAuth.OAuth.Records;

namespace EdgeAuth.Dialects.Authlete;

/// <summary>Grant types in Authlete's spelling, and in that of OAuth, as they are stored (spec/authlete.md 2.8).</summary>
internal static class AuthleteGrantTypes
{
    /// <summary>One that no token is created by.</summary>
    public const string RefreshToken = "REFRESH_TOKEN";

    private const string AuthorizationCode = "AUTHORIZATION_CODE";

    private static readonly (string Wire, string Stored)[] Known =
    [
        (AuthorizationCode, TokenGrantType.AuthorizationCode),
        ("IMPLICIT", TokenGrantType.Implicit),
        ("PASSWORD", TokenGrantType.Password),
        ("CLIENT_CREDENTIALS", TokenGrantType.ClientCredentials),
        ("CIBA", TokenGrantType.Ciba),
        ("DEVICE_CODE", TokenGrantType.DeviceCode),
        ("TOKEN_EXCHANGE", TokenGrantType.TokenExchange),
        ("JWT_BEARER", TokenGrantType.JwtBearer),
    ];

    /// <summary>As it is stored; null for one that there is not.</summary>
    public static string? Find(string? wire) => Array.Find(Known, known => string.Equals(known.Wire, wire, StringComparison.Ordinal)).Stored;

    /// <summary>As it is written. One value that SDKs do not know would cost them the whole list, so any other is a plain code grant.</summary>
    public static string Of(string stored) => Array.Find(Known, known => string.Equals(known.Stored, stored, StringComparison.Ordinal)).Wire ?? AuthorizationCode;

    /// <summary>Those that a realm issues tokens by; null for none.</summary>
    public static IReadOnlyList<string>? Of(RealmSettings realm)
    {
        IReadOnlyList<string> types =
        [
            .. Known.Where(known => realm.GrantTypes.Contains(known.Stored) || (known.Stored is TokenGrantType.Implicit && realm.ResponseTypes.Contains("token"))).Select(static known => known.Wire),
            .. realm.GrantTypes.Contains("refresh_token") ? [RefreshToken] : Array.Empty<string>(),
        ];
        return types.Count > 0 ? types : null;
    }
}
