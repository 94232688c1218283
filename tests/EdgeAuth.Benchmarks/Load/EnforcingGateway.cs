using System.Text.Json;
using EdgeAuth.Catalog.Writing;
using EdgeAuth.Gateway.Hosting;
using EdgeAuth.Sessions;

namespace EdgeAuth.Benchmarks.Load;

/// <summary>The gateway with an API of keys that have rights, a rate and a quota too large to be reached; writes the keys to a file.</summary>
internal static class EnforcingGateway
{
    // Few enough that each is hot.
    private const int Keys = 100;

    public static async Task<int> RunAsync(string url, string upstream, string tokensFile, params IReadOnlyList<string> settings)
    {
        var folder = Directory.CreateTempSubdirectory("edgeauth-load-");
        try
        {
            var config = folder.CreateSubdirectory("config");
            await File.WriteAllTextAsync(Path.Combine(config.CreateSubdirectory("apis").FullName, "load.json"), $$$"""
                {"api_id":"load","name":"Load","use_standard_auth":true,"version_data":{"not_versioned":true},
                 "proxy":{"listen_path":"/load/","target_url":"{{{upstream}}}","strip_listen_path":true}}
                """);
            await using var app = GatewayHost.Build(new ConfigurationChain(config.FullName,
                ["--urls=" + url, "--EdgeAuth:Management:Secret=load", "--EdgeAuth:Storage:Sqlite:Path=" + Path.Combine(folder.FullName, "load.db"), .. settings]));
            await GatewayHost.LoadAsync(app);
            GatewayHost.Map(app);
            await app.StartAsync();
            await File.WriteAllLinesAsync(tokensFile, await CreateKeysAsync(app.Services.GetRequiredService<KeyService>()));
            await app.WaitForShutdownAsync();
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<string>> CreateKeysAsync(KeyService keys)
    {
        var session = JsonSerializer.Deserialize("""{"rate":1000000,"per":60,"quota_max":1000000000,"quota_renewal_rate":86400,"access_rights":{"load":{"versions":["Default"]}}}"""u8, SessionJson.Default.Session)!;
        return await Task.WhenAll(Enumerable.Range(0, Keys).Select(async _ =>
        {
            var (_, token) = await keys.CreateAsync(session.OrgId, name: null, session, resetCounters: false, ChangeSet.CarriedOut, CancellationToken.None);
            return token;
        }));
    }
}
