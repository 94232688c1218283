using System.Diagnostics;
using System.Globalization;
using EdgeAuth.Benchmarks.Load;
using EdgeAuth.Catalog;
using EdgeAuth.Catalog.Reading;

namespace EdgeAuth.Benchmarks.Start;

/// <summary>
/// Reloads many definitions while requests pass, one file or every file changed, and tells how long the call took, what its steps take by
/// themselves, and how many requests failed.
/// </summary>
internal static class ReloadRun
{
    private const int Rounds = 7;
    private const int Callers = 4;

    // A thousand requests a second together: the machine is in use and not short.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(4);

    public static async Task<int> RunAsync(int definitions, string upstream, string url)
    {
        var serving = StaticUpstream.RunAsync(upstream);
        await using var host = await Host.StartAsync(url, folder => Write(folder, upstream, 0, definitions, change: 0), "--EdgeAuth:Management:Secret=reload", "--EdgeAuth:Catalog:Watch=false");
        using var http = new HttpClient();
        await ReloadAsync(http, url);
        var changes = 0;
        foreach (var (name, changed) in new[] { ("one file changed", 1), ("every file changed", definitions) })
        {
            var quiet = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                Write(host.Apis, upstream, 0, changed, ++changes);
                quiet.Add(await ReloadAsync(http, url));
            }

            using var end = new CancellationTokenSource();
            var traffic = Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(url, definitions, caller, end.Token))).ToList();
            var busy = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                await Task.Delay(200);
                Write(host.Apis, upstream, 0, changed, ++changes);
                busy.Add(await ReloadAsync(http, url));
            }

            await end.CancelAsync();
            var calls = await Task.WhenAll(traffic);
            Console.WriteLine($"{name}: {Text(quiet)}; with traffic {Text(busy)}, {calls.Sum(static call => call.Requests)} requests, {calls.Sum(static call => call.Failures)} failed, slowest {calls.Max(static call => call.Slowest):F0} ms");
        }

        await StepsAsync(host);
        if (serving.IsFaulted) { await serving; }
        return 0;
    }

    private static async Task StepsAsync(Host host)
    {
        var (reader, directory, loader) = (host.Get<CatalogReader>(), host.Get<ConfigurationSource>().Directory, host.Get<CatalogHolder>());
        var (files, parse, check, compile, validate) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            var problems = new ProblemList();
            var found = Time(files, () => directory.Look(problems));
            Time(parse, () => CatalogReader.ReadDefinitions(found, problems));
            var source = Time(check, () => reader.Read(found, problems));
            var catalog = Time(compile, () => CatalogCompiler.Compile(source, problems));
            var started = Stopwatch.GetTimestamp();
            loader.Check(catalog);
            await reader.ValidateAsync(source, catalog.Routes, catalog.Clusters, problems);
            loader.Check(null);
            validate.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        Console.WriteLine($"steps: read files {Text(files)}; parse and bind {Text(parse)}; the same and the rules {Text(check)}; compile {Text(compile)}; YARP's validation {Text(validate)}; what is left of a reload is YARP taking it up");
    }

    private static async Task<double> ReloadAsync(HttpClient http, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url + "/tyk/reload") { Headers = { { "X-Tyk-Authorization", "reload" } } };
        var started = Stopwatch.GetTimestamp();
        using var response = await http.SendAsync(request);
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return response.IsSuccessStatusCode ? elapsed : throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
    }

    private static async Task<(int Requests, int Failures, double Slowest)> CallAsync(string url, int definitions, int caller, CancellationToken end)
    {
        using var http = new HttpClient();
        var (requests, failures, slowest) = (0, 0, 0.0);
        for (var number = caller; !end.IsCancellationRequested; number += Callers)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                using var response = await http.GetAsync($"{url}/path{number % (definitions / 10) * 10}/x", CancellationToken.None);
                failures += response.IsSuccessStatusCode ? 0 : 1;
            }
            catch (HttpRequestException)
            {
                failures++;
            }

            requests++;
            slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await Task.Delay(Pause, CancellationToken.None);
        }

        return (requests, failures, slowest);
    }

    // Of ten definitions one takes no credential, three are of OAuth, and each has a path list.
    private static void Write(string folder, string upstream, int first, int count, int change)
    {
        for (var number = first; number < first + count; number++)
        {
            var auth = (number % 10) switch { 0 => "\"use_keyless\":true", < 4 => "\"use_oauth2\":true,\"oauth_meta\":{\"allowed_access_types\":[\"client_credentials\"]}", _ => "\"use_standard_auth\":true" };
            File.WriteAllText(Path.Combine(folder, $"api{number:0000}.json"), $$$"""
                {"api_id":"api{{{number}}}","name":"API {{{number}}}, change {{{change}}}","org_id":"org","active":true,{{{auth}}},"auth":{"auth_header_name":"Authorization"},
                 "version_data":{"not_versioned":true,"versions":{"Default":{"name":"Default","use_extended_paths":true,"extended_paths":{
                  "black_list":[{"path":"/private/{id}/secret{{{number}}}","method":"GET"},{"path":"/internal/{{{number}}}/","method":""}] } } } },
                 "proxy":{"listen_path":"/path{{{number}}}/","target_url":"{{{upstream}}}","strip_listen_path":true}}
                """);
        }
    }

    private static T Time<T>(List<double> times, Func<T> work)
    {
        var started = Stopwatch.GetTimestamp();
        var result = work();
        times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        return result;
    }

    private static string Text(List<double> times)
    {
        var sorted = times.Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"median {sorted[sorted.Count / 2]:F0} ms ({sorted[0]:F0} to {sorted[^1]:F0})");
    }
}
