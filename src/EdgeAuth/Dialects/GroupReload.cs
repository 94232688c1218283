using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Audit;
using EdgeAuth.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Dialects;

/// <summary>
/// Reloads this node when another asks every node to. Each node reads its own files: one that cannot serve them keeps what it has, and the
/// others are not held up.
/// </summary>
internal sealed partial class GroupReload : BackgroundService
{
    private readonly Invalidations _invalidations;
    private readonly CatalogReloader _reloader;
    private readonly CatalogMetrics _metrics;
    private readonly AuditTrail _audit;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Wakeup _wakeup = new();

    public GroupReload(Invalidations invalidations, CatalogReloader reloader, CatalogMetrics metrics, AuditTrail audit, TimeProvider time, ILogger<GroupReload> logger)
    {
        (_invalidations, _reloader, _metrics, _audit, _time, _logger) = (invalidations, reloader, metrics, audit, time, logger);

        // Before any hosted service starts, the one that reads the change log among them.
        invalidations.ReloadAsked += OnAsked;
    }

    public override void Dispose()
    {
        _invalidations.ReloadAsked -= OnAsked;
        base.Dispose();
        _wakeup.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _wakeup.WaitAsync(stoppingToken);
            try
            {
                Log.Asked(_logger);
                var outcome = await _reloader.ReloadAsync(stoppingToken);
                _audit.Record(new AuditEvent
                {
                    Time = _time.GetUtcNow(),
                    Who = "another node",
                    Action = "configuration.reload",
                    Result = outcome.Succeeded ? "ok" : $"refused, problems found: {outcome.Errors.Count()}",
                });
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it was, the next one is heard: a background service that throws would end the process.
                _metrics.Reloaded(succeeded: false);
                Log.Failed(_logger, error);
            }
        }
    }

    private void OnAsked(object? sender, EventArgs asked) => _wakeup.Signal();

    private static partial class Log
    {
        [LoggerMessage(800, LogLevel.Information, "Another node asked every node to reload its configuration", EventName = "GroupReloadAsked")]
        public static partial void Asked(ILogger logger);

        [LoggerMessage(801, LogLevel.Error, "The reload that another node asked for failed; what was served before stays in force", EventName = "GroupReloadFailed")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
