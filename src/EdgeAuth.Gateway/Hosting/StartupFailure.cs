using System.Security.Cryptography;
using EdgeAuth.Catalog;
using EdgeAuth.Storage;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Gateway.Hosting;

/// <summary>Tells the faults an operator can mend from the program's own, and how they read.</summary>
internal static class StartupFailure
{
    // How the framework begins what it says of a setting that it cannot use.
    private static readonly string[] FrameworkTexts = ["Failed to convert configuration value", "Configuration value", "Unable to configure HTTPS endpoint"];

    /// <summary>The message of a fault that an operator can mend; null for any other.</summary>
    public static string? Explain(Exception error) => error switch
    {
        CatalogException or StoreStartupException or StoreUnavailableException or StartupException => error.Message,
        OptionsValidationException options => string.Join(Environment.NewLine, options.Failures),
        IOException or CryptographicException => OneLine(error.Message),
        InvalidDataException => $"{error.Message} {error.GetBaseException().Message}",
        InvalidOperationException when FrameworkTexts.Any(text => error.Message.StartsWith(text, StringComparison.Ordinal)) => OneLine(error.Message),
        AggregateException many => many.Flatten().InnerExceptions.Select(Explain).FirstOrDefault(static message => message is not null),
        _ => error.InnerException is { } inner ? Explain(inner) : null,
    };

    /// <summary>Runs a command; a fault that an operator can mend becomes a message and exit code 1.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (Exception error) when (Explain(error) is not null)
        {
            await Console.Error.WriteLineAsync(Explain(error));
            return 1;
        }
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");
}
