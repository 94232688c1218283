using EdgeAuth.Gateway.Commands;
using EdgeAuth.Gateway.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Tests.TestHost;

/// <summary>One run of <c>check</c> in this process.</summary>
internal sealed record CheckRun(int ExitCode, string Output)
{
    public IReadOnlyList<string> Lines { get; } = Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public IEnumerable<string> Errors => Lines.Where(static line => line.StartsWith("error ", StringComparison.Ordinal));

    public IEnumerable<string> Warnings => Lines.Where(static line => line.StartsWith("warning ", StringComparison.Ordinal));

    public static async Task<CheckRun> OfAsync(string directory, params string[] arguments)
    {
        await using var app = GatewayHost.Build(new ConfigurationChain(directory, arguments), static builder => builder.Logging.ClearProviders());
        await using var output = new StringWriter { NewLine = "\n" };
        var code = await CheckCommand.CheckAsync(app, output);
        return new CheckRun(code, output.ToString());
    }

    /// <summary>Checks files given by their path in the configuration directory.</summary>
    public static async Task<CheckRun> OfAsync(params (string Path, string Content)[] files)
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("config"));
        foreach (var (path, content) in files)
        {
            folder.Write("config/" + path, content);
        }

        return await OfAsync(folder.File("config"));
    }
}
