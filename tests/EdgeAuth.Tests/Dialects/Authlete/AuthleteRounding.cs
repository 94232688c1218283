namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>Compares instants that are shown to the second with those that are exact.</summary>
internal static class AuthleteRounding
{
    /// <summary>An exact instant as it is shown.</summary>
    public static long Of(long exact) => (exact + 500) / 1000 * 1000;

    /// <summary>The time between an exact instant and one to the second, to the second; both in milliseconds.</summary>
    public static long Between(long exact, long shown) => (long)Math.Round((shown - exact) / 1000.0, MidpointRounding.AwayFromZero) * 1000;
}
