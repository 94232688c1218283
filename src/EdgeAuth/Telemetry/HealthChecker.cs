using System.Globalization;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Descriptions;
using EdgeAuth.Storage;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Telemetry;

/// <summary>Looks at the store and at the last reload.</summary>
internal sealed class HealthChecker(IRecordStore store, ReloadStatus reload, IOptions<StorageOptions> storage, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthReport> CheckAsync(CancellationToken cancellationToken)
    {
        var details = new Dictionary<string, HealthItem>(StringComparer.Ordinal)
        {
            [storage.Value.Provider] = await CheckStoreAsync(cancellationToken),
            ["configuration"] = CheckReload(),
        };
        var status = details.Values.Any(static item => item.Status is "fail") ? "fail" : details.Values.Any(static item => item.Status is "warn") ? "warn" : "pass";
        return new HealthReport(status, ProductVersion.Text, "EdgeAuth", details);
    }

    private async Task<HealthItem> CheckStoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.GetAsync(new RecordId(RecordKind.Key, "health"), cancellationToken).AsTask().WaitAsync(Patience, time, cancellationToken);
            return new HealthItem("pass", "datastore", Now());
        }
        catch (Exception error) when (error is StoreUnavailableException or TimeoutException)
        {
            return new HealthItem("fail", "datastore", Now(), error.Message);
        }
    }

    private HealthItem CheckReload() =>
        reload.Last is { Succeeded: false } failed
            ? new HealthItem("warn", "component", Now(), $"the last reload was refused, problems found: {failed.Errors.Count()}; what was served before is in force")
            : new HealthItem("pass", "component", Now());

    private string Now() => time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
