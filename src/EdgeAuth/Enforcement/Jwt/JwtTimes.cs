using System.Text.Json;
using EdgeAuth.Catalog.Jwt;

namespace EdgeAuth.Enforcement.Jwt;

/// <summary>The time claims of a token in Unix seconds, the API's skews taken in (RFC 7519 sections 4.1.4 to 4.1.6).</summary>
/// <param name="IssuedAt">Not taken before.</param>
/// <param name="NotBefore">Not taken before.</param>
/// <param name="Expires">Not taken from here on.</param>
internal readonly record struct JwtTimes(double IssuedAt, double NotBefore, double Expires)
{
    // Beyond any use; keeps sums of seconds in range.
    private const double Latest = 1e15;

    /// <summary>From here on the token is taken.</summary>
    public double From => Math.Max(IssuedAt, NotBefore);

    /// <summary>The last second in which the token is taken; null for ever.</summary>
    public long? LastSecond => WholeSecond(Expires);

    /// <summary>A claim that is there and not a number makes the token useless: to leave it out would let it live for ever.</summary>
    public static JwtTimes? Read(JsonElement claims, JwtSettings settings) =>
        TryRead(claims, "iat", double.NegativeInfinity, out var issuedAt) && TryRead(claims, "nbf", double.NegativeInfinity, out var notBefore) && TryRead(claims, "exp", double.PositiveInfinity, out var expires)
            ? new JwtTimes(issuedAt - settings.IssuedAtSkew.TotalSeconds, notBefore - settings.NotBeforeSkew.TotalSeconds, expires + settings.ExpiresAtSkew.TotalSeconds)
            : null;

    /// <summary>An instant rounded up to a second; null for never.</summary>
    public static long? WholeSecond(double seconds) => double.IsPositiveInfinity(seconds) ? null : (long)Math.Clamp(Math.Ceiling(seconds), 1, Latest);

    public static double SecondsOf(DateTimeOffset instant) => (instant - DateTimeOffset.UnixEpoch).TotalSeconds;

    public RefusalReason Check(double now) =>
        now >= Expires ? RefusalReason.TokenExpired
        : now < IssuedAt ? RefusalReason.TokenIssuedLater
        : now < NotBefore ? RefusalReason.TokenNotYetValid
        : RefusalReason.None;

    private static bool TryRead(JsonElement claims, string name, double absent, out double seconds)
    {
        seconds = absent;
        return !claims.TryGetProperty(name, out var claim) || (claim.ValueKind == JsonValueKind.Number && claim.TryGetDouble(out seconds));
    }
}
