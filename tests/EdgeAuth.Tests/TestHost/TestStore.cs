using EdgeAuth.Storage.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeAuth.Tests.TestHost;

/// <summary>The store that gateways of the tests use: the embedded one, or with <c>EDGEAUTH_STORE=redis</c> the shared one, each its own part of it.</summary>
internal static class TestStore
{
    public static bool IsRedis { get; } = Environment.GetEnvironmentVariable("EDGEAUTH_STORE") is "redis";

    /// <summary>The settings of a gateway whose files are in a folder. What it stored there is found again by the next one there.</summary>
    public static IEnumerable<string> Arguments(TempFolder folder, string prefix) => IsRedis
        ?
        [
            "--EdgeAuth:Storage:Provider=redis",
            "--EdgeAuth:Storage:Redis:Configuration=" + RedisServer.SharedAsync().GetAwaiter().GetResult().Configuration,
            "--EdgeAuth:Storage:Redis:Prefix=" + prefix,
            "--EdgeAuth:Storage:Redis:Timeout=5s",
        ]
        : ["--EdgeAuth:Storage:Sqlite:Path=" + folder.File("edgeauth.db")];

    /// <summary>Has the ledger count by the clock of the test.</summary>
    public static void UseClock(IServiceCollection services, TimeProvider time)
    {
        if (IsRedis)
        {
            services.Replace(ServiceDescriptor.Singleton(new LedgerClock(time)));
        }
    }
}
