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
        _process = RunningProcess.Start(
            "dotnet",
            [Repository.GatewayDll, "serve", "--config", ConfigDirectory, "--urls", Url, "--EdgeAuth:OAuth:SecretIterations=1000"],
            _folder,
            new Dictionary<string, string> { ["EdgeAuth__Management__Secret"] = Secret });
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

    public Task KillAsync() => _process!.KillAsync();

    public Task<int> StopAsync() => _process!.StopAsync();

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
