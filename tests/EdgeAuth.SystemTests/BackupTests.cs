using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EdgeAuth.SystemTests.TestHost;
using Microsoft.Data.Sqlite;

namespace EdgeAuth.SystemTests;

/// <summary>A copy made while the gateway writes, and another gateway on it, as the README says.</summary>
public sealed class BackupTests
{
    private const int Writers = 4;
    private const int WrittenBefore = 40;
    private const string Session = """{"access_rights":{"items":{"api_id":"items","versions":["Default"]}}}""";

    [Fact]
    public async Task Copy_HasAllThatWasAcknowledgedBefore_AndServes()
    {
        await using var upstream = await StaticUpstream.StartAsync();
        await using var first = Gateway(upstream);
        await first.StartAsync();
        var (id, secret) = await first.CreateClientAsync("orders", "http://app.example/cb", "plan");
        var token = await IssueAsync(first, id, secret);
        using var ends = new CancellationTokenSource();
        var written = new ConcurrentQueue<string>();
        var writers = Enumerable.Range(0, Writers).Select(_ => WriteAsync(first, written, ends.Token)).ToList();
        while (written.Count < WrittenBefore)
        {
            await await Task.WhenAny([Task.Delay(10), .. writers]);
        }

        var before = written.ToArray();
        await using var second = Gateway(upstream);
        Copy(Path.Combine(first.Folder, "data/edgeauth.db"), Path.Combine(second.Folder, "data/edgeauth.db"));
        await ends.CancelAsync();
        await Task.WhenAll(writers);
        await second.StartAsync();

        foreach (var key in before)
        {
            Assert.Equal(200, (await second.CallAsync("/items/", key)).Status);
        }

        Assert.Equal(200, (await second.CallAsync("/orders/", token)).Status);
        var (status, client) = await second.ManageAsync("GET", "/tyk/oauth/clients/orders/" + id);
        Assert.True(status == 200, client);
        Assert.Equal(secret, JsonElement.Parse(client).GetProperty("secret").GetString());
        Assert.Equal(200, (await second.CallAsync("/orders/", await IssueAsync(second, id, secret))).Status);
    }

    [Fact]
    public async Task Readme_NamesTheCommandThatIsTested()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"));

        Assert.Contains("sqlite3 data/edgeauth.db \"VACUUM INTO 'backup.db'\"\ncp data/edgeauth.db.key backup.db.key", readme, StringComparison.Ordinal);
    }

    private static GatewayProcess Gateway(StaticUpstream upstream)
    {
        var gateway = new GatewayProcess();
        gateway.Write("apis/items.json", Definitions.Keys("items", upstream.Url).ToJsonString());
        gateway.Write("apis/orders.json", Definitions.OAuth("orders", upstream.Url).ToJsonString());
        gateway.Write("policies/plan.json", Definitions.Policy("plan", "orders").ToJsonString());
        return gateway;
    }

    // What the sqlite3 program does with the README's statement.
    private static void Copy(string database, string copy)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        using (var connection = new SqliteConnection($"Data Source={database};Pooling=False"))
        {
            connection.Open();
            using var vacuum = connection.CreateCommand();
            vacuum.CommandText = "VACUUM INTO $copy";
            vacuum.Parameters.AddWithValue("$copy", copy);
            vacuum.ExecuteNonQuery();
        }

        File.Copy(database + ".key", copy + ".key");
    }

    private static async Task WriteAsync(GatewayProcess gateway, ConcurrentQueue<string> written, CancellationToken ends)
    {
        while (!ends.IsCancellationRequested)
        {
            written.Enqueue(await CrashTests.CreateKeyAsync(gateway, Session));
        }
    }

    private static async Task<string> IssueAsync(GatewayProcess gateway, string id, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders/oauth/token")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));
        var (status, body) = await gateway.SendAsync(request);
        Assert.True(status == 200, body);
        return JsonElement.Parse(body).GetProperty("access_token").GetString()!;
    }
}
