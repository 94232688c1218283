using System.Text.Json;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.Limits;
using EdgeAuth.Sessions;

namespace EdgeAuth.Benchmarks.Start;

/// <summary>
/// What a key costs in memory that has made a request under a rate and a quota: its session, and its counters. Keys are created, loaded and charged
/// as requests do it, once with the same rules for all and once with other rules for each.
/// </summary>
internal static class MemoryRun
{
    private const int AtOnce = 64;

    public static async Task<int> RunAsync(int keys)
    {
        foreach (var shared in new[] { true, false })
        {
            await using var host = await Host.StartAsync("http://127.0.0.1:0", WriteApi, $"--EdgeAuth:Sessions:CacheSize={2 * keys}");
            var hashes = await CreateAsync(host.Get<KeyService>(), keys, shared);
            await LoadAsync(host, hashes[..1]);
            await ChargeAsync(host, hashes[..1]);
            var before = Heap();
            await LoadAsync(host, hashes);
            var loaded = Heap();
            await ChargeAsync(host, hashes);
            var charged = Heap();
            Console.WriteLine($"{(shared ? "same rules" : "own rules "),-10} {keys} keys: {(double)(loaded - before) / keys:F0} bytes of session a key, {(double)(charged - loaded) / keys:F0} more of counters ({host.Get<SessionCache>().Count} sessions cached)");
        }

        return 0;
    }

    private static async Task<KeyHash[]> CreateAsync(KeyService service, int keys, bool shared)
    {
        var hashes = new KeyHash[keys];
        await Parallel.ForEachAsync(Enumerable.Range(0, keys), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, cancellationToken) =>
        {
            var rate = shared ? 1000 : 1000 + number;
            var session = JsonSerializer.Deserialize(
                $$"""{"rate":{{rate}},"per":600,"quota_max":1000000,"quota_renewal_rate":86400,"access_rights":{"load":{"versions":["Default"] } } }""",
                SessionJson.Default.Session)!;
            var (_, token) = await service.CreateAsync(session.OrgId, name: null, session, resetCounters: false, ChangeSet.CarriedOut, cancellationToken);
            hashes[number] = KeyHash.Of(token);
        });
        return hashes;
    }

    private static Task LoadAsync(Host host, KeyHash[] hashes)
    {
        var (cache, compilers) = (host.Get<SessionCache>(), host.Get<RightsCompilers>());
        var api = host.Get<CatalogHolder>().Current.Apis["load"];
        return Parallel.ForEachAsync(hashes, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (hash, cancellationToken) =>
            (await cache.LoadAsync(hash, cancellationToken)).View(api, compilers));
    }

    private static Task ChargeAsync(Host host, KeyHash[] hashes)
    {
        var (cache, limiter, compilers) = (host.Get<SessionCache>(), host.Get<Limiter>(), host.Get<RightsCompilers>());
        var api = host.Get<CatalogHolder>().Current.Apis["load"];
        return Parallel.ForEachAsync(hashes, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (hash, cancellationToken) =>
        {
            var entry = cache.TryGet(hash, TimeProvider.System.GetTimestamp(), TimeProvider.System.GetUtcNow()) ?? await cache.LoadAsync(hash, cancellationToken);
            var view = entry.View(api, compilers);
            var limit = view.Rights.Find(api.Id)!.Limit;
            if (!limiter.TryCharge(view, limit, hash, api, undecided: false, out var status))
            {
                status = await limiter.FinishAsync(view, limit, status, cancellationToken);
            }

            if (status.Verdict != LimitVerdict.Admitted)
            {
                throw new InvalidOperationException(status.Verdict.ToString());
            }
        });
    }

    private static long Heap()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static void WriteApi(string folder) => File.WriteAllText(Path.Combine(folder, "load.json"), """
        {"api_id":"load","name":"Load","use_standard_auth":true,"version_data":{"not_versioned":true},
         "proxy":{"listen_path":"/load/","target_url":"http://127.0.0.1:9","strip_listen_path":true}}
        """);
}
