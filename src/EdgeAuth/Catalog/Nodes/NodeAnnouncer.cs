using EdgeAuth.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Catalog.Nodes;

/// <summary>Tells the other nodes of this one every second, at once when it serves another configuration, and when it ends.</summary>
internal sealed partial class NodeAnnouncer(NodeList nodes, CatalogHolder catalogs, Peers peers, TimeProvider time, ILogger<NodeAnnouncer> logger) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Wakeup _wakeup = new();
    private bool _failing;

    /// <summary>The others know of a node before it serves.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        catalogs.Changed += OnChanged;
        await TryAnnounceAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        catalogs.Changed -= OnChanged;
        await base.StopAsync(cancellationToken);
        try
        {
            await nodes.LeaveAsync(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            // The others forget it all the same, a little later.
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _wakeup.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = time.CreateTimer(static wakeup => ((Wakeup)wakeup!).Signal(), _wakeup, Interval, Interval);
        while (!stoppingToken.IsCancellationRequested)
        {
            await _wakeup.WaitAsync(stoppingToken);
            await TryAnnounceAsync(stoppingToken);
        }
    }

    private async Task TryAnnounceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await nodes.AnnounceAsync(cancellationToken);
            _failing = false;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // Whoever is there now is not known. What keeps the store from answering it tells itself; anything else must not end the loop either.
            peers.MayBeThere = true;
            if (!_failing && error is not StoreUnavailableException)
            {
                Log.Failed(logger, error);
            }

            _failing = true;
        }
    }

    private void OnChanged(object? sender, EventArgs changed) => _wakeup.Signal();

    private static partial class Log
    {
        [LoggerMessage(140, LogLevel.Error, "This node cannot tell the others of itself; it is tried again every second", EventName = "AnnouncementFailed")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
