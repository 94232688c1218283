using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeAuth.SystemTests.TestHost;

/// <summary>A gateway as a process of its own, that can be killed and started again on the same directory.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    public const string Secret = "system-secret";

    private readonly string _folder;
    private readonly int _port;
    private RunningProcess? _process;

    public GatewayProcess()
    {
        _folder = Directory.CreateTempSubdirectory("edgeauth-system-").FullName;
        _port = Ports.Free();
        Directory.CreateDirectory(Path.Combine(ConfigDirectory, "apis"));
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(2) })
        {
            BaseAddress = new Uri(Url),
            Timeout = TimeSpan.FromSeconds(20),
        };
    }

    /// <summary>Further arguments of <c>serve</c>.</summary>
    public List<string> Arguments { get; } = [];

    /// <summary>The configuration directory as it is named to <c>serve</c>, if not in full.</summary>
    public string? ConfigArgument { get; init; }

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal) { ["EdgeAuth__Management__Secret"] = Secret };

    /// <summary>Where it runs, and where its database is unless told otherwise.</summary>
    public string Folder => _folder;

    public string ConfigDirectory => Path.Combine(_folder, "config");

    public string Url => $"http://127.0.0.1:{_port}";

    public HttpClient Http { get; }

    public string Output => _process?.Output ?? "";

    public int ProcessId => _process!.Id;

    /// <summary>Writes a file of the configuration directory through a rename.</summary>
    public void Write(string relative, string content)
    {
        var path = Path.Combine(ConfigDirectory, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path + ".tmp", content);
        File.Move(path + ".tmp", path, overwrite: true);
    }

    public async Task StartAsync()
    {
        _process = Run();
        for (var attempt = 0; attempt < 600; attempt++)
        {
            try
            {
                using var hello = await Http.GetAsync("/ready");
                if (hello.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                Assert.False(_process.HasExited, "the gateway ended: " + _process.Output);
            }

            await Task.Delay(50);
        }

        Assert.Fail("the gateway did not become ready: " + _process.Output);
    }

    /// <summary>Starts it where it cannot; returns how it ended and what it said of it.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> FailAsync()
    {
        await using var process = Run();
        var exitCode = await process.WaitAsync(TimeSpan.FromSeconds(60));
        return (exitCode, process.Output, process.Errors);
    }

    public Task KillAsync() => _process!.KillAsync();

    public Task<int> StopAsync() => _process!.StopAsync();

    public Task FreezeAsync() => _process!.FreezeAsync();

    public Task ThawAsync() => _process!.ThawAsync();

    /// <summary>Waits until it has written a text.</summary>
    public Task WaitForAsync(string text) => _process!.WaitForAsync(text);

    /// <summary>Asks it to end without waiting for it.</summary>
    public Task TerminateAsync() => _process!.TerminateAsync();

    public Task<int> WaitAsync() => _process!.WaitAsync(TimeSpan.FromSeconds(30));

    public async Task<(int Status, string Body)> ManageAsync(string method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        request.Headers.Add("X-Tyk-Authorization", Secret);
        return await SendAsync(request);
    }

    public Task<(int Status, string Body)> ManageAsync(string method, string path, JsonNode body) =>
        ManageAsync(method, path, new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));

    public async Task<(int Status, string Body)> CallAsync(string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await SendAsync(request);
    }

    public async Task<(int Status, string Body)> SendAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Creates an OAuth client and returns its id and secret.</summary>
    public async Task<(string Id, string Secret)> CreateClientAsync(string api, string redirectUri, string? policy = null)
    {
        var (status, body) = await ManageAsync("POST", "/tyk/oauth/clients/create", new JsonObject { ["api_id"] = api, ["redirect_uri"] = redirectUri, ["policy_id"] = policy });
        Assert.True(status == 200, body);
        var client = JsonElement.Parse(body);
        return (client.GetProperty("client_id").GetString()!, client.GetProperty("secret").GetString()!);
    }

    /// <summary>Asks an API's token endpoint, as a client.</summary>
    public async Task<(int Status, JsonElement Body)> TokenAsync(string api, string id, string secret, params IEnumerable<KeyValuePair<string, string>> form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{api}/oauth/token") { Content = new FormUrlEncodedContent(form) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));
        var (status, body) = await SendAsync(request);
        return (status, JsonElement.Parse(body));
    }

    /// <summary>Has a client given an access token of its own.</summary>
    public async Task<string> IssueAsync(string api, string id, string secret)
    {
        var (status, body) = await TokenAsync(api, id, secret, KeyValuePair.Create("grant_type", "client_credentials"));
        Assert.True(status == 200, body.ToString());
        return body.GetProperty("access_token").GetString()!;
    }

    private RunningProcess Run() => RunningProcess.Start(
        "dotnet", [Repository.GatewayDll, "serve", "--config", ConfigArgument ?? ConfigDirectory, "--urls", Url, "--EdgeAuth:OAuth:SecretIterations=1000", .. Arguments], _folder, Environment);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
