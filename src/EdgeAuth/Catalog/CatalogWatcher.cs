using EdgeAuth.Catalog.Audit;
using EdgeAuth.Catalog.Reading;
using EdgeAuth.Catalog.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Catalog;

/// <summary>
/// Reloads when the configuration directory changes. A change counts once two looks in a row find the same files, so that a file still being
/// written, or a set of files being moved into place, is read when it is whole.
/// </summary>
internal sealed partial class CatalogWatcher(
    ConfigurationSource source,
    CatalogReloader reloader,
    AuditTrail audit,
    IOptions<CatalogOptions> options,
    TimeProvider time,
    ILogger<CatalogWatcher> logger) : BackgroundService
{
    // Notifications can be lost, or not exist on a network file system; the look at this interval does not depend on them.
    internal static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    internal static readonly TimeSpan SettleInterval = TimeSpan.FromMilliseconds(150);

    private readonly SemaphoreSlim _changed = new(0, 1);

    public override void Dispose()
    {
        _changed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Watch)
        {
            return;
        }

        using var notifications = Listen();
        while (!stoppingToken.IsCancellationRequested)
        {
            await WaitForChangeAsync(stoppingToken);
            try
            {
                if (source.Directory.FindNews() is not { } found)
                {
                    continue;
                }

                await SettleAsync(found, stoppingToken);
                Record(await reloader.ReloadAsync(stoppingToken));
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // Whatever it was, watching goes on: a background service that throws would end the process.
                Log.LookFailed(logger, source.Directory.FullPath, error);
            }
        }
    }

    private void Record(ReloadOutcome outcome) => audit.Record(new AuditEvent
    {
        Time = time.GetUtcNow(),
        Who = "file watcher",
        Action = "configuration.reload",
        Result = outcome.Succeeded ? "ok" : $"refused, problems found: {outcome.Errors.Count()}",
    });

    private async Task SettleAsync(string found, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(SettleInterval, time, cancellationToken);
            var again = source.Directory.Fingerprint();
            if (string.Equals(again, found, StringComparison.Ordinal))
            {
                return;
            }

            found = again;
        }
    }

    private async Task WaitForChangeAsync(CancellationToken cancellationToken)
    {
        using var look = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), look, LookInterval, Timeout.InfiniteTimeSpan);
        try
        {
            await _changed.WaitAsync(look.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time for a look without a notification.
        }
    }

    private FileSystemWatcher? Listen()
    {
        try
        {
            var watcher = new FileSystemWatcher(source.Directory.FullPath) { IncludeSubdirectories = true };
            watcher.Changed += Notify;
            watcher.Created += Notify;
            watcher.Deleted += Notify;
            watcher.Renamed += Notify;
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception error) when (error is IOException or ArgumentException)
        {
            Log.LookFailed(logger, source.Directory.FullPath, error);
            return null;
        }
    }

    private void Notify(object sender, FileSystemEventArgs change)
    {
        try
        {
            _changed.Release();
        }
        catch (Exception error) when (error is SemaphoreFullException or ObjectDisposedException)
        {
            // A look is due already, or none will follow.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(120, LogLevel.Warning, "{Directory} cannot be watched; it is looked at every 2s", EventName = "WatchFailed")]
        public static partial void LookFailed(ILogger logger, string directory, Exception error);
    }
}
