using EdgeAuth.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Limits;

/// <summary>Returns idle leases and forgets idle counters; on a graceful stop returns every lease.</summary>
internal sealed partial class LeaseKeeper(QuotaBook quotas, RateWindows windows, TimeProvider time, IOptions<LimitsOptions> options, ILogger<LeaseKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan TrimInterval = TimeSpan.FromSeconds(30);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await ReturnAsync(long.MaxValue);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan idle = options.Value.LeaseIdle;
        using var timer = new PeriodicTimer(idle / 2, time);
        var trimmedAt = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await ReturnAsync(Before(idle));
            if (time.GetElapsedTime(trimmedAt) >= TrimInterval)
            {
                trimmedAt = time.GetTimestamp();
                windows.Trim();
                quotas.Trim(Before(ForgetAfter));
            }
        }
    }

    private async Task ReturnAsync(long idleSince)
    {
        try
        {
            await quotas.ReturnIdleAsync(idleSince);
        }
        catch (StoreUnavailableException error)
        {
            Log.ReturnFailed(logger, error);
        }
    }

    private long Before(TimeSpan age) => time.GetTimestamp() - (long)(age.TotalSeconds * time.TimestampFrequency);

    private static partial class Log
    {
        [LoggerMessage(300, LogLevel.Warning, "Quota permits could not be returned; they count as used until a later try succeeds or their period ends", EventName = "LeaseReturnFailed")]
        public static partial void ReturnFailed(ILogger logger, Exception error);
    }
}
