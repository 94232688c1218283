namespace EdgeAuth.SystemTests.TestHost;

/// <summary>Where the repository and the built gateway are.</summary>
internal static class Repository
{
    /// <summary>The repository's root: the first directory upwards with the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The gateway as built in the configuration of this test run.</summary>
    public static string GatewayDll { get; } = Path.Combine(Root, "src/EdgeAuth.Gateway/bin", Configuration, "net10.0/EdgeAuth.Gateway.dll");

    /// <summary>True when the full counts are asked for.</summary>
    public static bool Soak { get; } = Environment.GetEnvironmentVariable("EDGEAUTH_SOAK") == "1";

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "EdgeAuth.sln")))
        {
            directory = directory.Parent;
        }

        return directory.FullName;
    }
}
