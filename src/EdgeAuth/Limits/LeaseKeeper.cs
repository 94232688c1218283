using EdgeAuth.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Limits;

/// <summary>Returns idle leases and forgets idle counters; on a graceful stop returns every lease.</summary>
internal sealed partial class LeaseKeeper(RateBook rates, QuotaBook quotas, StoreOutage outage, TimeProvider time, IOptions<LimitsOptions> options, ILogger<LeaseKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan TrimInterval = TimeSpan.FromSeconds(30);

    // The shortest time after which a rate's lease is idle is twice as long.
    private static readonly TimeSpan RateInterval = TimeSpan.FromMilliseconds(50);


    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await ReturnAsync(() => quotas.ReturnIdleAsync(long.MaxValue));
        await ReturnAsync(() => rates.ReturnAsync(all: true));
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(KeepQuotasAsync(stoppingToken), KeepRatesAsync(stoppingToken));

    private async Task KeepRatesAsync(CancellationToken stoppingToken)
    {
        // No timer runs while there is nothing to return.
        while (rates.AreShared && !stoppingToken.IsCancellationRequested)
        {
            await rates.WaitForWatchedAsync(stoppingToken);
            await Task.Delay(RateInterval, time, stoppingToken);
            if (outage.State == StoreState.Up)
            {
                await ReturnAsync(() => rates.ReturnAsync(all: false));
            }
        }
    }

    private async Task KeepQuotasAsync(CancellationToken stoppingToken)
    {
        TimeSpan idle = options.Value.LeaseIdle;
        using var timer = new PeriodicTimer(idle / 2, time);
        var trimmedAt = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (outage.State == StoreState.Up)
            {
                await ReturnAsync(() => quotas.ReturnIdleAsync(Before(idle)));
            }

            if (time.GetElapsedTime(trimmedAt) >= TrimInterval)
            {
                trimmedAt = time.GetTimestamp();
                rates.Trim(Before(ForgetAfter));
                quotas.Trim(Before(ForgetAfter));
            }
        }
    }

    private async Task ReturnAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (StoreUnavailableException error)
        {
            Log.ReturnFailed(logger, error);
        }
    }

    private long Before(TimeSpan age) => time.GetTimestamp() - (long)(age.TotalSeconds * time.TimestampFrequency);

    private static partial class Log
    {
        [LoggerMessage(300, LogLevel.Warning, "Permits could not be returned; they count as used until a later try succeeds or their period ends", EventName = "LeaseReturnFailed")]
        public static partial void ReturnFailed(ILogger logger, Exception error);
    }
}
