namespace EdgeAuth.Gateway.Hosting;

/// <summary>
/// Keeps from the logs what the framework would write of a request's target, whatever level is configured: a path or query may hold a key.
/// </summary>
internal static class PrivateLogging
{
    // The level from which on a category names no target. The first also puts the path into the scope of every other line.
    private static readonly (string Category, LogLevel Least)[] Talkative =
    [
        ("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None),
        ("Microsoft.AspNetCore.Routing", LogLevel.Information),
        ("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.None),
        ("Yarp.ReverseProxy.Forwarder", LogLevel.Warning),
    ];

    /// <summary>Raises the levels that apply to those categories. No rule gets a filter, which would be asked for every line.</summary>
    public static void Apply(LoggerFilterOptions options)
    {
        foreach (var (category, least) in Talkative)
        {
            // Of rules for the same category the last one counts, so the most specific one comes last.
            var broader = options.Rules
                .Where(rule => rule.CategoryName is not { } name || category.StartsWith(name.Split('*')[0], StringComparison.OrdinalIgnoreCase))
                .OrderBy(static rule => rule.CategoryName?.Length ?? 0)
                .Select(rule => new LoggerFilterRule(rule.ProviderName, category, Raise(rule.LogLevel, least), rule.Filter))
                .ToList();
            for (var i = 0; i < options.Rules.Count; i++)
            {
                if (options.Rules[i] is { CategoryName: { } name } narrower && name.StartsWith(category, StringComparison.OrdinalIgnoreCase))
                {
                    options.Rules[i] = new LoggerFilterRule(narrower.ProviderName, name, Raise(narrower.LogLevel, least), narrower.Filter);
                }
            }

            options.Rules.Add(new LoggerFilterRule(null, category, Raise(options.MinLevel, least), null));
            broader.ForEach(options.Rules.Add);
        }
    }

    private static LogLevel Raise(LogLevel? level, LogLevel least) => level > least ? level.Value : least;
}
