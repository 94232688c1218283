using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeAuth.Storage.Sqlite;

internal static class SqliteStorageServiceCollectionExtensions
{
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services)
    {
        services.TryAddSingleton<SqliteDatabase>();
        services.TryAddSingleton<SqliteMetrics>();
        services.TryAddSingleton<SqliteWriter>();
        services.TryAddSingleton<IRecordStore, SqliteRecordStore>();
        services.TryAddSingleton<ILedger, SqliteLedger>();
        services.TryAddSingleton<IChangeLog, InProcessChangeLog>();
        services.TryAddSingleton<INodeRegistry, InProcessNodeRegistry>();
        services.TryAddSingleton<SqliteSweeper>();
        services.AddHostedService(static provider => provider.GetRequiredService<SqliteSweeper>());
        return services;
    }
}
