using System.CommandLine;
using EdgeAuth.Gateway.Hosting;

namespace EdgeAuth.Gateway.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    public static Option<string> Config() => new("--config")
    {
        Description = "The configuration directory: gateway.json, apis/*.json, policies/*.json",
        HelpName = "DIR",
        DefaultValueFactory = static _ => "config",
    };

    public static Option<string?> Urls() => new("--urls")
    {
        Description = "Addresses to listen on, separated by ';', such as http://0.0.0.0:8080",
        HelpName = "URLS",
    };

    /// <summary>The chain for a directory, with everything else on the command line as configuration.</summary>
    public static ConfigurationChain Chain(string directory, ParseResult parsed, string? urls)
    {
        var arguments = parsed.UnmatchedTokens.ToList();
        CheckSettings(arguments);
        if (urls is not null)
        {
            arguments.Add("--urls=" + urls);
        }

        return System.IO.Directory.Exists(directory)
            ? new ConfigurationChain(Path.GetFullPath(directory), arguments)
            : throw new StartupException($"The configuration directory {Path.GetFullPath(directory)} does not exist. Give it with --config DIR.");
    }
    // What is no option must be a setting. Anything else was meant to be something, and passing over it would serve what was not asked for.
    private static void CheckSettings(List<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            var key = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..].Split('=')[0] : "";
            if (!key.Contains(':', StringComparison.Ordinal) && !key.Equals("urls", StringComparison.OrdinalIgnoreCase))
            {
                throw new StartupException($"\"{argument}\" is neither an option nor a setting; settings are written as --EdgeAuth:Management:Port=9000");
            }

            // The value may be the next argument.
            i += argument.Contains('=', StringComparison.Ordinal) ? 0 : 1;
        }
    }
}
