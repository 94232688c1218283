namespace EdgeAuth.SystemTests.TestHost;

internal static class ExitCodes
{
    public static void ShouldBeZero(this int exitCode) => Assert.Equal(0, exitCode);
}
