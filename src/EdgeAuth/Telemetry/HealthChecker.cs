using System.Globalization;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Descriptions;
using EdgeAuth.Catalog.Nodes;
using EdgeAuth.Storage;
using Microsoft.Extensions.Options;

namespace EdgeAuth.Telemetry;

/// <summary>Looks at the store, at the last reload and at the other nodes.</summary>
internal sealed class HealthChecker(IRecordStore store, StoreOutage outage, ReloadStatus reload, NodeList nodes, IOptions<StorageOptions> storage, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthReport> CheckAsync(CancellationToken cancellationToken)
    {
        var details = new Dictionary<string, HealthItem>(StringComparer.Ordinal)
        {
            [storage.Value.UsesRedis() ? "redis" : "sqlite"] = await CheckStoreAsync(cancellationToken),
            ["configuration"] = CheckReload(),
            ["nodes"] = CheckNodes(),
        };
        var status = details.Values.Any(static item => item.Status is "fail") ? "fail" : details.Values.Any(static item => item.Status is "warn") ? "warn" : "pass";
        return new HealthReport(status, ProductVersion.Text, "EdgeAuth", details);
    }

    private async Task<HealthItem> CheckStoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.GetAsync(new RecordId(RecordKind.Key, "health"), cancellationToken).AsTask().WaitAsync(Patience, time, cancellationToken);
            return outage.IsReadOnly ? new HealthItem("warn", "datastore", Now(), $"it refuses writes ({outage.Reason}): until it takes them, nothing is issued or revoked and no limit is counted; docs/scaling.md says what each reason means")
                : outage.Warning is { } warning ? new HealthItem("warn", "datastore", Now(), warning)
                : new HealthItem("pass", "datastore", Now());
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

    private HealthItem CheckNodes() => nodes.HasDrifted
        ? new HealthItem("warn", "component", Now(), "the nodes do not all serve the same configuration: compare them with GET /tyk/nodes, bring their files and settings in line, then GET /tyk/reload/group")
        : new HealthItem("pass", "component", Now());

    private string Now() => time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
