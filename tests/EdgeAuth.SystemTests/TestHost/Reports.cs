namespace EdgeAuth.SystemTests.TestHost;

/// <summary>What a run has to tell beside passed and failed; <c>tests/run.sh</c> prints it.</summary>
internal static class Reports
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("EDGEAUTH_REPORTS");

    public static Task WriteAsync(string name, string text) =>
        string.IsNullOrEmpty(Folder) ? Task.CompletedTask : File.WriteAllTextAsync(Path.Combine(Folder, name + ".report"), text);
}
