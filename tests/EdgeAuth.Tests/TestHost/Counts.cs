namespace EdgeAuth.Tests.TestHost;

/// <summary>How many cases a property runs: a few by default, twenty times as many with <c>EDGEAUTH_SOAK=1</c>.</summary>
internal static class Counts
{
    private const int SoakFactor = 20;
    private static readonly bool Soak = Environment.GetEnvironmentVariable("EDGEAUTH_SOAK") is "1";

    public static int Of(int usual) => Soak ? usual * SoakFactor : usual;
}
