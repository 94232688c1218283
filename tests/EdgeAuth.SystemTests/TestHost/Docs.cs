using System.Text.RegularExpressions;

namespace EdgeAuth.SystemTests.TestHost;

/// <summary>What a reader of the documentation would paste, with the addresses and the secret of this run.</summary>
internal static partial class Docs
{
    public static async Task<string> ScriptAsync(string page, GatewayProcess gateway)
    {
        var script = Script().Match(await File.ReadAllTextAsync(Path.Combine(Repository.Root, page)));
        Assert.True(script.Success, $"{page} has a block to run");
        return script.Groups["script"].Value
            .Replace("http://localhost:5000", gateway.Url, StringComparison.Ordinal)
            .Replace("change-me", GatewayProcess.Secret, StringComparison.Ordinal);
    }

    /// <summary>Gives the gateway the sample as it stands, but for the upstream's address.</summary>
    public static void CopySample(GatewayProcess gateway, string upstream)
    {
        var sample = Path.Combine(Repository.Root, "config");
        foreach (var file in Directory.EnumerateFiles(sample, "*.json", SearchOption.AllDirectories))
        {
            gateway.Write(Path.GetRelativePath(sample, file), File.ReadAllText(file).Replace("http://localhost:9000/", upstream + "/", StringComparison.Ordinal));
        }
    }

    [GeneratedRegex("<!-- The system tests run this block as it stands. -->\n```bash\n(?<script>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Script();
}
