using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EdgeAuth.Storage;
using EdgeAuth.Tests.Dialects.Authlete;
using EdgeAuth.Tests.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Tests.BadInput.Sweep;

/// <summary>A gateway with something of everything to lose, and all that it keeps as one text.</summary>
public sealed class SweepGateway : SharedGateway
{
    internal const string ClientSecret = "the-secret-of-present";

    /// <summary>The number and id of a client that Authlete's calls name.</summary>
    private const long ClientNumber = 700100200300;

    /// <summary>The credential's field by API: a token or key that is good there, and of a client that no call ends.</summary>
    internal Dictionary<string, string> Credentials { get; } = new(StringComparer.Ordinal);

    internal string ClientCredentials { get; } = "Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("present:" + ClientSecret));

    internal StoreSwitch Store { get; } = new();

    internal string RefreshToken { get; private set; } = "";

    /// <summary>A token for Authlete's update.</summary>
    internal string UpdatedToken { get; private set; } = "";

    /// <summary>A token for Authlete's delete.</summary>
    internal string DeletedToken { get; private set; } = "";

    private protected override async Task<TestGateway> StartAsync()
    {
        var gateway = await TestGateway.StartAsync(
            static upstream =>
            [
                Definitions.OAuth("orders", upstream), Definitions.OAuth("vintage", upstream).With("errors", "tyk"), Definitions.Keys("stock", upstream), Definitions.Keys("attic", upstream).With("errors", "tyk"),
                Definitions.OAuth("spare", upstream),
            ],
            setup =>
            {
                setup.Services = Store.Install;
                setup.Policy("plan", Definitions.Policy(["orders", "vintage"]));
                setup.Policy("spare", Definitions.Policy(["orders"]));
                setup.Set("EdgeAuth:Dialects:Tyk:enable_hashed_keys_listing", "true");
                setup.Set("EdgeAuth:Dialects:Tyk:health_check:enable_health_checks", "true");
                setup.Set("EdgeAuth:Dialects:Authlete:Enabled", "true");
            });
        foreach (var api in new[] { "orders", "vintage" })
        {
            var holder = await gateway.CreateClientAsync(api);
            var tokens = await gateway.IssueAsync(api, holder, Limited(api));
            Credentials[api] = "Authorization: Bearer " + tokens.Text("access_token");
            RefreshToken = tokens.Text("refresh_token");
        }

        foreach (var api in new[] { "stock", "attic" })
        {
            Credentials[api] = "Authorization: " + await gateway.CreateKeyAsync(Limited(api));
        }

        await gateway.CreateClientAsync("orders", more: Numbered());
        var service = new AuthleteService(gateway, "orders", TestGateway.Secret);
        UpdatedToken = (await service.CreateAsync(ClientNumber)).GetProperty("accessToken").GetString()!;
        DeletedToken = (await service.CreateAsync(ClientNumber)).GetProperty("accessToken").GetString()!;
        return gateway;
    }

    /// <summary>Puts back what calls that were taken may have removed.</summary>
    internal async Task RestockAsync()
    {
        foreach (var api in new[] { "orders", "vintage" })
        {
            await Gateway.CreateClientAsync(api, policy: "plan", more: new JsonObject { ["client_id"] = "present", ["secret"] = ClientSecret });
        }

        await Gateway.CreateClientAsync("orders", more: Numbered());
        await PutAsync("POST", "/tyk/keys/org1present", Limited("stock"));
        await PutAsync("POST", "/tyk/org/keys/org1", new JsonObject());
        await PutAsync("POST", "/tyk/apis/spare", Definitions.OAuth("spare", Gateway.Upstream.Url));
        var policy = Definitions.Policy(["orders"]);
        policy["id"] = "spare";
        await PutAsync("POST", "/tyk/policies/spare", policy);
        (await Gateway.ManageAsync("DELETE", "/tyk/apis/added")).ShouldBeAnyOf(200, 404);
        (await Gateway.ManageAsync("DELETE", "/tyk/policies/added")).ShouldBeAnyOf(200, 404);
    }

    /// <summary>All that is kept: every row of the store, the change log's position, and the configuration directory.</summary>
    internal async Task<string> FingerprintAsync()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var changes = await Gateway.Services.GetRequiredService<IChangeLog>().ReadAsync(long.MaxValue - 1, CancellationToken.None);
        hash.AppendData(Encoding.UTF8.GetBytes($"{changes.Epoch} {changes.Last}"));
        foreach (var file in Directory.EnumerateFiles(Gateway.Folder.File("config"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file));
            hash.AppendData(await File.ReadAllBytesAsync(file));
        }

        if (TestStore.IsRedis)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(await TestStore.FingerprintAsync(Gateway.Prefix)));
            return Convert.ToHexString(hash.GetHashAndReset());
        }

        await using var connection = new SqliteConnection($"Data Source={Gateway.Folder.File("edgeauth.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        foreach (var table in await RowsAsync(connection, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"))
        {
            foreach (var row in (await RowsAsync(connection, $"SELECT * FROM \"{table}\"")).Order(StringComparer.Ordinal))
            {
                hash.AppendData(Encoding.UTF8.GetBytes(row));
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>What was logged as an error since the last call.</summary>
    internal IReadOnlyList<string> TakeErrors()
    {
        var errors = Gateway.Logs.Lines.Where(static line => line.Level >= LogLevel.Error).Select(static line => $"{line.Category}: {line.Text}").ToList();
        Gateway.Logs.Lines.Clear();
        Gateway.Logs.Details.Clear();
        return errors;
    }

    private async Task PutAsync(string method, string path, JsonObject body) => (await Gateway.ManageAsync(method, path, body)).ShouldBe(200);

    private static JsonObject Numbered() => new() { ["client_id"] = ClientNumber.ToString(CultureInfo.InvariantCulture), ["secret"] = ClientSecret };

    private static JsonObject Limited(string api) => Definitions.Session([api], """{"rate":1000000,"per":60,"quota_max":10000000,"quota_renewal_rate":3600}""");

    private static async Task<List<string>> RowsAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names of tables are the database's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => reader.GetValue(column) is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture))));
        }

        return rows;
    }
}
