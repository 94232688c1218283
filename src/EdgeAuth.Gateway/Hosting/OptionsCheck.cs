using EdgeAuth.Catalog.Reading;
using EdgeAuth.Catalog.Settings;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Gateway.Hosting;

/// <summary>Checks the settings that are bound once, at start; what is wrong with them stands among the other problems.</summary>
internal static class OptionsCheck
{
    public static void Run(WebApplication app, ProblemList problems)
    {
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (OptionsValidationException error)
        {
            Report(error.Failures);
        }
        catch (AggregateException error)
        {
            Report(error.Flatten().InnerExceptions.OfType<OptionsValidationException>().SelectMany(static inner => inner.Failures));
        }
        catch (InvalidOperationException) when (problems.HasErrors)
        {
            // A value that does not fit its key, which is among the problems already.
        }

        // A failure names its key first.
        void Report(IEnumerable<string> failures)
        {
            foreach (var failure in failures)
            {
                var (key, reason) = failure.Split(' ', 2) is [var first, var rest] && first.StartsWith("EdgeAuth:", StringComparison.Ordinal) ? (first, rest) : ("", failure);
                problems.Error(ProblemList.ConfigurationFile, key.Length > 0 ? "$." + key.Replace(':', '.') : "$", key.Length > 0 && !KnownSettings.IsSecret(key) ? app.Configuration[key] : null, reason);
            }
        }
    }
}
