namespace EdgeAuth.Tests.TestHost;

/// <summary>Files of the repository that tests read, or write anew when <c>EDGEAUTH_UPDATE=1</c>.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static bool Updates => Environment.GetEnvironmentVariable("EDGEAUTH_UPDATE") is "1";

    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    /// <summary>The files below a folder, relative to the root, without what builds put there.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path(folder), pattern, SearchOption.AllDirectories)
            .Select(static path => System.IO.Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(static path => !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/node_modules/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    /// <summary>Compares a committed file with what it should hold.</summary>
    public static void ShouldHold(string relative, string expected)
    {
        var path = Path(relative);
        if (Updates)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllText(path, expected);
        }

        Assert.True(File.Exists(path), relative + " is missing; run the tests with EDGEAUTH_UPDATE=1 to write it");
        Assert.Equal(expected, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(directory.FullName, "EdgeAuth.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return directory.FullName;
    }
}
