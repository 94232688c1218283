using System.Globalization;
using EdgeAuth.Benchmarks.Load;

namespace EdgeAuth.Benchmarks.Start;

/// <summary>
/// From the call of a published gateway to its first served request: on an empty data folder one of an API that anyone may call, and on a folder
/// with a database one with a token out of it, rights, rate and quota enforced. Programs take turns.
/// </summary>
internal static class StartRun
{
    private const int Port = 19900;
    private const string Key = """{"rate":1000,"per":60,"quota_max":1000000,"quota_renewal_rate":86400,"access_rights":{"keyed":{"versions":["Default"]}}}""";

    public static async Task<int> RunAsync(int rounds, IReadOnlyList<string> programs)
    {
        var upstream = $"http://127.0.0.1:{Port + 1}";
        _ = StaticUpstream.RunAsync(upstream);
        var folder = Directory.CreateTempSubdirectory("edgeauth-start-");
        try
        {
            WriteConfiguration(folder, upstream);
            var times = programs.ToDictionary(static program => program, static _ => (Empty: new List<double>(), Filled: new List<double>()), StringComparer.Ordinal);

            // The first one warms the upstream and the file cache.
            await OnceAsync(programs[0], folder.FullName);
            for (var round = 0; round < rounds; round++)
            {
                foreach (var program in programs)
                {
                    var (empty, filled) = await OnceAsync(program, folder.FullName);
                    times[program].Empty.Add(empty.TotalMilliseconds);
                    times[program].Filled.Add(filled.TotalMilliseconds);
                }
            }

            foreach (var (program, (empty, filled)) in times)
            {
                Console.WriteLine($"{program}\n  empty folder  {Text(empty)}\n  with a token  {Text(filled)}");
            }

            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(TimeSpan Empty, TimeSpan Filled)> OnceAsync(string program, string folder)
    {
        var data = Directory.CreateDirectory(Path.Combine(folder, "data"));
        TimeSpan empty;
        string token;
        await using (var first = GatewayProgram.Start(program, folder, Port))
        {
            await first.AskAsync("GET /open/x HTTP/1.1");
            empty = first.Elapsed;
            var created = await first.AskAsync("POST /tyk/keys/create HTTP/1.1\r\nX-Tyk-Authorization: start", Key);
            token = created.Split("\"key\":\"")[1].Split('"')[0];
        }

        TimeSpan filled;
        await using (var second = GatewayProgram.Start(program, folder, Port))
        {
            await second.AskAsync($"GET /keyed/x HTTP/1.1\r\nAuthorization: Bearer {token}");
            filled = second.Elapsed;
        }

        data.Delete(recursive: true);
        return (empty, filled);
    }

    private static void WriteConfiguration(DirectoryInfo folder, string upstream)
    {
        var apis = folder.CreateSubdirectory("config").CreateSubdirectory("apis");
        foreach (var (id, auth) in new[] { ("open", "\"use_keyless\":true"), ("keyed", "\"use_standard_auth\":true") })
        {
            File.WriteAllText(Path.Combine(apis.FullName, id + ".json"), $$$"""
                {"api_id":"{{{id}}}","name":"{{{id}}}",{{{auth}}},"version_data":{"not_versioned":true},
                 "proxy":{"listen_path":"/{{{id}}}/","target_url":"{{{upstream}}}","strip_listen_path":true}}
                """);
        }
    }

    private static string Text(List<double> times)
    {
        var sorted = times.Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"median {sorted[sorted.Count / 2]:F0} ms, {sorted[0]:F0} to {sorted[^1]:F0} ms over {sorted.Count} starts");
    }
}
