using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Storage.Redis;

/// <summary>
/// Looks now and then whether Redis evicts keys when its memory is full. What it evicts would be lost to everyone: credentials, what was counted,
/// revocations. A Redis that may not tell is believed to be set up well.
/// </summary>
internal sealed partial class RedisPolicyWatch(RedisLink link, StoreOutage outage, TimeProvider time, ILogger<RedisPolicyWatch> logger) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private const string Field = "maxmemory_policy:";
    private const string Wanted = "noeviction";

    /// <summary>Looks now.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (await link.TryAskAsync("INFO", ["memory"], cancellationToken) is { } told)
        {
            outage.Warning = Find(told) is { } policy and not Wanted
                ? $"Redis evicts keys when its memory is full (maxmemory-policy {policy}): credentials, limits and revocations may be lost. Run CONFIG SET maxmemory-policy {Wanted}, and set it in redis.conf"
                : null;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it was, it is no reason to end: a background service that throws would end the process.
                Log.Failed(logger, error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static string? Find(string info) =>
        info.Split('\n').FirstOrDefault(static line => line.StartsWith(Field, StringComparison.Ordinal))?[Field.Length..].Trim();

    private static partial class Log
    {
        [LoggerMessage(730, LogLevel.Debug, "Redis cannot be asked for its eviction policy", EventName = "PolicyUnknown")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
