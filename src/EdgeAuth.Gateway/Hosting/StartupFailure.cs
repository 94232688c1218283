using EdgeAuth.Catalog;
using EdgeAuth.Storage;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Gateway.Hosting;

/// <summary>Tells the faults an operator can mend from the program's own, and how they read.</summary>
internal static class StartupFailure
{
    /// <summary>The message of a fault that an operator can mend; null for any other.</summary>
    public static string? Explain(Exception error) => error switch
    {
        CatalogException or StoreStartupException or StartupException => error.Message,
        OptionsValidationException options => string.Join(Environment.NewLine, options.Failures),
        IOException { InnerException: not null } => error.Message,
        InvalidDataException => $"{error.Message} {error.GetBaseException().Message}",
        InvalidOperationException when error.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) => error.Message,
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
}
