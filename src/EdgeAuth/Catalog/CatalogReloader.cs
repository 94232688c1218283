using EdgeAuth.Catalog.Reading;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Catalog;

/// <summary>
/// Reads the configuration anew, checks it whole, and swaps it in; an invalid one changes nothing. The outcome is YARP's own word that
/// the routes were applied.
/// </summary>
internal sealed partial class CatalogReloader(
    CatalogPreparation preparation,
    CatalogHolder catalogs,
    CatalogConfigProvider provider,
    ReloadListener listener,
    RestartSettings restart,
    ReloadStatus status,
    CatalogMetrics metrics,
    TimeProvider time,
    ILogger<CatalogReloader> logger) : IDisposable
{
    private static readonly TimeSpan ApplyTimeout = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    public Task<ReloadOutcome> ReloadAsync(CancellationToken cancellationToken) => BetweenReloadsAsync(
        async () =>
        {
            var outcome = await ReadAndApplyAsync();
            status.Record(outcome);
            metrics.Reloaded(outcome.Succeeded);
            return outcome;
        },
        cancellationToken);

    /// <summary>Says what a reload would say, and reloads nothing.</summary>
    public Task<ReloadOutcome> CheckAsync(CancellationToken cancellationToken) => BetweenReloadsAsync(
        async () =>
        {
            var problems = new ProblemList();
            restart.Check(problems);
            return new ReloadOutcome(await preparation.CheckAsync(problems), problems.All);
        },
        cancellationToken);

    /// <summary>Does something with the configuration that neither a reload nor another such work may come between.</summary>
    public async Task<T> BetweenReloadsAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<ReloadOutcome> ReadAndApplyAsync()
    {
        var problems = new ProblemList();
        restart.Check(problems);
        if (await preparation.PrepareAsync(problems) is not { } catalog)
        {
            return Refused(problems);
        }

        if (string.Equals(catalog.Hash, catalogs.Current.Hash, StringComparison.Ordinal))
        {
            Log.Unchanged(logger);
            return Accepted(problems);
        }

        if (await ApplyAsync(catalog) is { } failure)
        {
            problems.Error(ProblemList.ConfigurationFile, "$", value: null, "the proxy refused it: " + failure);
            await ApplyAsync(catalogs.Current);
            return Refused(problems);
        }

        Log.Applied(logger, catalog.Apis.Count, catalog.Policies.Count);
        return Accepted(problems);
    }

    // Null when YARP took the generation up, else why not.
    private async Task<string?> ApplyAsync(CompiledCatalog catalog)
    {
        catalogs.Apply(catalog);
        Task<string?>? applied = null;
        provider.Publish(catalog, revision => applied = listener.Expect(revision));
        string? failure;
        try
        {
            failure = await applied!.WaitAsync(ApplyTimeout, time);
        }
        catch (TimeoutException)
        {
            failure = "it was not applied within 30s; is the reverse proxy mapped?";
        }

        if (failure is null)
        {
            catalogs.Commit(catalog);
        }
        else
        {
            catalogs.Abandon();
        }

        return failure;
    }

    private ReloadOutcome Accepted(ProblemList problems)
    {
        foreach (var warning in problems.All)
        {
            Log.Warned(logger, warning.File, warning.Path, warning.Reason);
        }

        return new ReloadOutcome(Succeeded: true, problems.All);
    }

    private ReloadOutcome Refused(ProblemList problems)
    {
        Log.Refused(logger, problems.ErrorCount);
        foreach (var problem in problems.All.Where(static problem => problem.Severity == ProblemSeverity.Error))
        {
            Log.Problem(logger, problem.File, problem.Path, problem.Value is null ? "" : " = " + problem.Value, problem.Reason);
        }

        return new ReloadOutcome(Succeeded: false, problems.All);
    }

    private static partial class Log
    {
        [LoggerMessage(110, LogLevel.Information, "Reloaded: {Apis} APIs, {Policies} policies", EventName = "Reloaded")]
        public static partial void Applied(ILogger logger, int apis, int policies);

        [LoggerMessage(111, LogLevel.Information, "Reloaded: nothing has changed", EventName = "ReloadUnchanged")]
        public static partial void Unchanged(ILogger logger);

        [LoggerMessage(112, LogLevel.Error, "Reload refused, problems found: {Count}; what was served before stays in force", EventName = "ReloadRefused")]
        public static partial void Refused(ILogger logger, int count);

        [LoggerMessage(113, LogLevel.Error, "{File} {Path}{Value}: {Reason}", EventName = "ConfigurationProblem")]
        public static partial void Problem(ILogger logger, string file, string path, string value, string reason);

        [LoggerMessage(114, LogLevel.Warning, "{File} {Path}: {Reason}", EventName = "ReloadWarning")]
        public static partial void Warned(ILogger logger, string file, string path, string reason);
    }
}
