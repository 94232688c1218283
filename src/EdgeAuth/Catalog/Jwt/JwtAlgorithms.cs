namespace EdgeAuth.Catalog.Jwt;

/// <summary>The algorithms of each family (RFC 7518 section 3.1). Names count to the letter; <c>none</c> is none of them.</summary>
internal static class JwtAlgorithms
{
    private static readonly string[] Hmac = ["HS256", "HS384", "HS512"];
    private static readonly string[] Rsa = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
    private static readonly string[] Ecdsa = ["ES256", "ES384", "ES512"];

    public static bool Has(JwtFamily family, string algorithm) => Of(family).Contains(algorithm, StringComparer.Ordinal);

    private static string[] Of(JwtFamily family) => family switch
    {
        JwtFamily.Rsa => Rsa,
        JwtFamily.Ecdsa => Ecdsa,
        _ => Hmac,
    };
}
