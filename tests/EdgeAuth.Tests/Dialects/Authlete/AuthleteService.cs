using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAuth.Tests.TestHost;

namespace EdgeAuth.Tests.Dialects.Authlete;

/// <summary>Calls the token operations as a service, and reads what comes back as strictly as the strictest of the SDKs.</summary>
internal sealed class AuthleteService(TestGateway gateway, string key, string secret)
{
    public const string Path = "/api/auth/token";

    public TestGateway Gateway => gateway;

    /// <summary>The field that shows who calls.</summary>
    public string Authorization { get; } = Basic(key, secret);

    public static string Basic(string key, string secret) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{key}:{secret}"));

    /// <summary>A client of an API, by its number.</summary>
    public async Task<(OAuthClient Client, long Number)> ClientAsync(string api, string? id = null)
    {
        var client = await gateway.CreateClientAsync(api, more: id is null ? null : new JsonObject { ["client_id"] = id });
        return (client, await NumberAsync(client.Id));
    }

    /// <summary>The number of a client, as programs find it out.</summary>
    public async Task<long> NumberAsync(string id) =>
        AuthleteModel.List.Read(await ListAsync($"clientIdentifier={Uri.EscapeDataString(id)}&start=0&end=0")).GetProperty("client").GetProperty("clientId").GetInt64();

    public Task<Answer> PostAsync(string operation, string json, string mediaType = "application/json") => PostAsync(operation, Content(json, mediaType));

    public Task<Answer> PostAsync(string operation, JsonObject body) => PostAsync(operation, body.ToJsonString());

    public Task<Answer> FormAsync(string operation, params (string Name, string Value)[] fields) => PostAsync(operation, TestGateway.Form(fields));

    public Task<Answer> PostAsync(string operation, HttpContent? content) => SendAsync("POST", $"{Path}/{operation}", content);

    public Task<Answer> ListAsync(string query = "") => SendAsync("GET", $"{Path}/get/list" + (query.Length > 0 ? "?" + query : ""));

    /// <summary>Deletes; the identifier goes into the path as it stands.</summary>
    public async Task<Answer> DeleteAsync(string identifier) =>
        Answer.Of(await RawHttp.SendAsync(gateway.Url, $"DELETE {Path}/delete/{identifier} HTTP/1.1\nHost: gateway\nAuthorization: {Authorization}\n\n"));

    public async Task<Answer> SendAsync(string method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", Authorization);
        return await gateway.SendAsync(request);
    }

    /// <summary>Creates a token and expects it to work.</summary>
    public async Task<JsonElement> CreateAsync(long client, string? subject = "ana", string grantType = "PASSWORD", JsonObject? more = null)
    {
        var body = more ?? [];
        body["grantType"] = grantType;
        body["clientId"] = client;
        body["subject"] = subject;
        return AuthleteModel.Created.ReadOk(await PostAsync("create", body), "A109001");
    }

    /// <summary>The row of a token in the list; fails when there is none.</summary>
    public async Task<JsonElement> RowAsync(long client, string accessTokenHash)
    {
        var list = AuthleteModel.List.Read(await ListAsync($"clientIdentifier={client.ToString(CultureInfo.InvariantCulture)}&start=0&end=1000"));
        return Assert.Single(list.GetProperty("accessTokens").EnumerateArray(), row => row.GetProperty("accessTokenHash").GetString() == accessTokenHash);
    }

    /// <summary>How many tokens a client has.</summary>
    public async Task<int> CountAsync(long client, string more = "") =>
        AuthleteModel.List.Read(await ListAsync($"clientIdentifier={client.ToString(CultureInfo.InvariantCulture)}&start=0&end=0{more}")).GetProperty("totalCount").GetInt32();

    /// <summary>Calls an API with a token.</summary>
    public async Task<int> UseAsync(string api, string token) => (await gateway.CallAsync($"/{api}/x", token)).Status;

    /// <summary>Text as bytes with a media type that is written as it stands.</summary>
    public static HttpContent Content(string text, string? mediaType)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        if (mediaType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        }

        return content;
    }
}
