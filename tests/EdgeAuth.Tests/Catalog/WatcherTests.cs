using System.Text.Json.Nodes;
using EdgeAuth.Catalog;
using EdgeAuth.Tests.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Tests.Catalog;

/// <summary>The configuration directory is watched: by notifications, and by a look at it that needs none.</summary>
public sealed class WatcherTests
{
    [Fact]
    public async Task NewChangedAndRemovedFiles_ActByThemselves()
    {
        await using var gateway = await StartAsync(static upstream => [Definitions.Keyless("orders", upstream)]);

        Write(gateway, Definitions.Keyless("reports", gateway.Upstream.Url));
        await UntilAsync(gateway, async () => (await gateway.CallAsync("/reports/x")).Status == 200);

        Write(gateway, Definitions.Keys("reports", gateway.Upstream.Url));
        await UntilAsync(gateway, async () => (await gateway.CallAsync("/reports/x")).Status == 401);

        gateway.Folder.Delete("config/apis/reports.json");
        await UntilAsync(gateway, async () => (await gateway.CallAsync("/reports/x")).Status == 404);
        (await gateway.CallAsync("/orders/x")).ShouldBe(200);
        await ShouldHaveReloadedAsync(gateway, succeeded: 3, failed: 0);
    }

    [Fact]
    public async Task GatewayJsonAndPolicies_AreWatchedToo()
    {
        await using var gateway = await StartAsync(static upstream => [Definitions.Keys("orders", upstream)]);

        gateway.Folder.Write("config/gateway.json", """{ "EdgeAuth": { "Enforcement": { "Errors": "tyk" } } }""");
        await UntilAsync(gateway, async () => (await gateway.CallAsync("/orders/x")).Header("Content-Type") is "application/json");

        gateway.Folder.Write("config/policies/gold.json", """{ "gold": { "org_id": "org1", "rate": 5, "per": 1, "access_rights": { "orders": {} } } }""");
        await UntilAsync(gateway, () => Task.FromResult(gateway.Services.GetRequiredService<CatalogHolder>().Current.Policies.ContainsKey("gold")));
    }

    [Fact]
    public async Task FileStillBeingWritten_IsReadWhenItIsWhole()
    {
        await using var gateway = await StartAsync(static upstream => [Definitions.Keyless("orders", upstream)]);
        var text = Definitions.Keyless("reports", gateway.Upstream.Url).ToJsonString();
        var path = gateway.Folder.File("config/apis/reports.json");

        // Written in place, and no two looks in a row find the same file until it is done.
        for (var length = 0; length < text.Length; length += 50)
        {
            await File.WriteAllTextAsync(path, text[..length]);
            gateway.Time.Advance(CatalogWatcher.SettleInterval / 2);
        }

        await File.WriteAllTextAsync(path, text);
        await UntilAsync(gateway, async () => (await gateway.CallAsync("/reports/x")).Status == 200);
    }

    [Fact]
    public async Task FileLeftHalf_IsRefused_AndTakenWhenItIsWhole()
    {
        await using var gateway = await StartAsync(static upstream => [Definitions.Keyless("orders", upstream)]);
        var text = Definitions.Keys("orders", gateway.Upstream.Url).ToJsonString();

        await File.WriteAllTextAsync(gateway.Folder.File("config/apis/orders.json"), text[..100]);
        await UntilAsync(gateway, () => Task.FromResult(Reloads(gateway).Failed > 0));
        (await gateway.CallAsync("/orders/x")).ShouldBe(200);
        Assert.Equal("warn", (await gateway.CallAsync("/ready")).Text("status"));
        Assert.Contains(gateway.Logs.Lines, static line => line.Level == LogLevel.Error && line.Text.StartsWith("apis/orders.json $: is not valid JSON", StringComparison.Ordinal));

        await File.WriteAllTextAsync(gateway.Folder.File("config/apis/orders.json"), text);
        await UntilAsync(gateway, async () => (await gateway.CallAsync("/orders/x")).Status == 401);
        Assert.Equal("pass", (await gateway.CallAsync("/ready")).Text("status"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DirectorySwappedByALink_IsNoticed_ThoughSizesAndTimesAreTheSame(bool throughAnother)
    {
        await using var gateway = await TestGateway.StartAsync(static _ => [], setup =>
        {
            setup.Watch = true;
            foreach (var release in (string[])["one", "two"])
            {
                setup.Folder.Write($"releases/{release}/orders.json", Definitions.Keyless("orders", "http://127.0.0.1:1/").With("name", release).ToJsonString());
                File.SetLastWriteTimeUtc(setup.Folder.File($"releases/{release}/orders.json"), DateTime.UnixEpoch);
            }

            if (throughAnother)
            {
                // As orchestrators mount configuration: each file a link through a directory that is a link itself.
                Directory.CreateDirectory(setup.Folder.File("config/apis"));
                File.CreateSymbolicLink(setup.Folder.File("config/apis/orders.json"), "../current/orders.json");
            }

            Point(setup.Folder, throughAnother, "one");
        });
        var catalogs = gateway.Services.GetRequiredService<CatalogHolder>();
        Assert.Equal("one", catalogs.Current.Apis["orders"].Definition.Name);

        Point(gateway.Folder, throughAnother, "two");

        await UntilAsync(gateway, () => Task.FromResult(catalogs.Current.Apis["orders"].Definition.Name is "two"));
        await ShouldHaveReloadedAsync(gateway, succeeded: 1, failed: 0);

        static void Point(TempFolder folder, bool throughAnother, string release)
        {
            var link = folder.File(throughAnother ? "config/current" : "config/apis");
            if (Directory.Exists(link))
            {
                Directory.Delete(link);
            }

            Directory.CreateSymbolicLink(link, folder.File("releases/" + release));
        }
    }

    [Fact]
    public async Task FilesThatDoNotCount_AreNotWatched()
    {
        await using var gateway = await StartAsync(static upstream => [Definitions.Keyless("orders", upstream)]);

        gateway.Folder.Write("config/readme.txt", "x");
        gateway.Folder.Write("config/apis/orders.json.bak", "x");
        gateway.Folder.Write("config/apis/.orders.json", "x");
        gateway.Folder.Write("config/apis/deeper/x.json", "x");
        gateway.Folder.Write("config/schema/api.schema.json", "{}");
        gateway.Time.Advance(CatalogWatcher.LookInterval * 3);

        // The next file that counts is the first that a reload follows.
        Write(gateway, Definitions.Keyless("reports", gateway.Upstream.Url));
        await UntilAsync(gateway, async () => (await gateway.CallAsync("/reports/x")).Status == 200);
        await ShouldHaveReloadedAsync(gateway, succeeded: 1, failed: 0);
    }

    [Fact]
    public async Task TouchedFile_IsReadAgain_ButIsNoNewGeneration()
    {
        await using var gateway = await StartAsync(static upstream => [Definitions.Keyless("orders", upstream)]);
        var before = gateway.Services.GetRequiredService<CatalogHolder>().Current;

        File.SetLastWriteTimeUtc(gateway.Folder.File("config/apis/orders.json"), DateTime.UnixEpoch);
        await UntilAsync(gateway, () => Task.FromResult(Reloads(gateway).Succeeded > 0));

        Assert.Same(before, gateway.Services.GetRequiredService<CatalogHolder>().Current);
    }

    [Fact]
    public async Task WritesOfManagement_WaitForAReload_AndForeignOnesDoNot()
    {
        await using var gateway = await StartAsync(static upstream => [Definitions.Keyless("orders", upstream)]);

        (await gateway.ManageAsync("POST", "/tyk/apis", Definitions.Keyless("stock", gateway.Upstream.Url))).ShouldBe(200);
        (await gateway.ManageAsync("POST", "/tyk/policies", Definitions.Policy(["stock"]).With("id", "gold"))).ShouldBe(200);
        for (var looks = 0; looks < 20; looks++)
        {
            gateway.Time.Advance(CatalogWatcher.LookInterval);
            await Task.Yield();
        }

        Assert.Equal((0, 0), Reloads(gateway));
        (await gateway.CallAsync("/stock/x")).ShouldBe(404);

        Write(gateway, Definitions.Keyless("reports", gateway.Upstream.Url));
        await UntilAsync(gateway, async () => (await gateway.CallAsync("/reports/x")).Status == 200);
        await ShouldHaveReloadedAsync(gateway, succeeded: 1, failed: 0);
    }

    [Fact]
    public async Task WatchSwitchedOff_LeavesReloadingToTheCall()
    {
        await using var gateway = await TestGateway.StartAsync(static upstream => [Definitions.Keyless("orders", upstream)]);

        gateway.Folder.Delete("config/apis/orders.json");
        gateway.Time.Advance(TimeSpan.FromMinutes(1));
        (await gateway.CallAsync("/orders/x")).ShouldBe(200);

        (await gateway.ManageAsync("GET", "/tyk/reload")).ShouldBe(200);
        (await gateway.CallAsync("/orders/x")).ShouldBe(404);
    }

    private static Task<TestGateway> StartAsync(Func<string, IEnumerable<JsonObject>> apis) => TestGateway.StartAsync(apis, static setup => setup.Watch = true);

    private static void Write(TestGateway gateway, JsonObject definition) => gateway.Folder.Write($"config/apis/{definition["api_id"]}.json", definition.ToJsonString());

    private static (long Succeeded, long Failed) Reloads(TestGateway gateway)
    {
        var status = gateway.Services.GetRequiredService<ReloadStatus>();
        return (status.Succeeded, status.Failed);
    }

    // A reload is counted once it is over, which is after its routes answer.
    private static async Task ShouldHaveReloadedAsync(TestGateway gateway, long succeeded, long failed)
    {
        await Eventually.HoldsAsync(() => Reloads(gateway) is var (done, refused) && done + refused >= succeeded + failed);
        Assert.Equal((succeeded, failed), Reloads(gateway));
    }

    // The files are real and the clock is not: it is moved on until what is waited for has come.
    private static async Task UntilAsync(TestGateway gateway, Func<Task<bool>> condition)
    {
        var deadline = Environment.TickCount64 + 30_000;
        while (!await condition())
        {
            Assert.True(Environment.TickCount64 < deadline, "The change was not taken up.");
            gateway.Time.Advance(CatalogWatcher.SettleInterval);
            await Task.Delay(1);
        }
    }
}
