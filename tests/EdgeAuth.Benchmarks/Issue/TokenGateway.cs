using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace EdgeAuth.Benchmarks.Issue;

/// <summary>The published gateway in a process of its own, with an API whose realm issues tokens to sixteen clients.</summary>
internal sealed class TokenGateway : IAsyncDisposable
{
    private const int Clients = 16;
    private const string Secret = "tokens";
    private const string CheckedClient = "checked";

    private readonly List<(double Rate, double Cpu, double StoreCpu)> _rounds = [];
    private readonly HttpClient _http;
    private readonly string _program;
    private readonly IReadOnlyList<string> _settings;
    private readonly Uri _url;
    private Process? _process;

    private TokenGateway(string program, string folder, string name, int port, IReadOnlyList<string> settings)
    {
        (_program, Folder, Name, _settings) = (program, folder, name, settings);
        _url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        _http = new HttpClient { BaseAddress = _url };
    }

    public string Name { get; }

    public string Folder { get; }

    public string ClientsFile => Path.Combine(Folder, "clients");

    public string LogFile => Path.Combine(Folder, "log");

    public string TokenUrl => new Uri(_url, "tokens/oauth/token").ToString();

    public int Id => _process!.Id;

    public static async Task<TokenGateway> StartAsync(string program, DirectoryInfo folder, string name, int port, IReadOnlyList<string> settings)
    {
        var own = folder.CreateSubdirectory(name);
        await File.WriteAllTextAsync(Path.Combine(own.CreateSubdirectory("config/apis").FullName, "tokens.json"), """
            {"api_id":"tokens","name":"Tokens","org_id":"bench","use_oauth2":true,"version_data":{"not_versioned":true},
             "oauth_meta":{"allowed_access_types":["client_credentials"]},
             "proxy":{"listen_path":"/tokens/","target_url":"http://127.0.0.1:9/","strip_listen_path":true}}
            """);
        await File.WriteAllTextAsync(Path.Combine(own.CreateSubdirectory("config/policies").FullName, "policies.json"), """
            {"standard":{"name":"Standard","org_id":"bench","rate":100,"per":1,"quota_max":100000,"quota_renewal_rate":86400,
              "access_rights":{"tokens":{"api_id":"tokens","api_name":"Tokens","versions":["Default"]}}}}
            """);
        var gateway = new TokenGateway(program, own.FullName, name, port, settings);
        await gateway.StartAsync();
        var clients = new List<string>();
        for (var i = 0; i < Clients; i++)
        {
            clients.Add(await gateway.CreateClientAsync($"client-{i}"));
        }

        await File.WriteAllLinesAsync(gateway.ClientsFile, clients);
        return gateway;
    }

    public async Task StartAsync()
    {
        // Without a shell its output would fill a pipe that nobody reads.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec dotnet \"$0\" \"$@\" >>log 2>&1", Path.Combine(_program, "EdgeAuth.Gateway.dll"), "serve", "--config", "config", "--urls", _url.ToString(), "--EdgeAuth:Management:Secret=" + Secret, .. _settings])
        {
            WorkingDirectory = Folder,
        };
        _process = Process.Start(start)!;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var answer = await _http.GetAsync(new Uri("hello", UriKind.Relative));
                return;
            }
            catch (HttpRequestException) when (attempt < 200 && !_process.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public void Add(double rate, double cpu, double storeCpu) => _rounds.Add((rate, cpu, storeCpu));

    public string Summary() => string.Create(CultureInfo.InvariantCulture,
        $"{Name}: median {Median(static round => round.Rate):0} tokens/s, {Median(static round => round.Cpu):0.0} ms of CPU per 1,000 tokens, its Redis {Median(static round => round.StoreCpu):0.0} ms, over {_rounds.Count} rounds");

    /// <summary>Asks for tokens with a client of its own.</summary>
    public async Task<IReadOnlyList<string>> TakeAsync(int count)
    {
        var client = new AuthenticationHeaderValue("Basic", await CreateClientAsync(CheckedClient));
        var tokens = new string[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (at, cancellationToken) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, TokenUrl)
            {
                Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]),
                Headers = { Authorization = client },
            };
            using var answer = await _http.SendAsync(request, cancellationToken);
            answer.EnsureSuccessStatusCode();
            tokens[at] = (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("access_token").GetString()!;
        });
        return tokens;
    }

    /// <summary>How many tokens that client has.</summary>
    public async Task<int> CountAsync()
    {
        using var answer = await ManageAsync(HttpMethod.Get, $"tyk/oauth/clients/tokens/{CheckedClient}/tokens", content: null);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetArrayLength();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        _http.Dispose();
    }

    // In the form of Basic authentication.
    private async Task<string> CreateClientAsync(string id)
    {
        using var content = JsonContent.Create(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["client_id"] = id,
            ["api_id"] = "tokens",
            ["policy_id"] = "standard",
            ["redirect_uri"] = "http://client.example/",
        });
        using var answer = await ManageAsync(HttpMethod.Post, "tyk/oauth/clients/create", content);
        var secret = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString();
        return Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"));
    }

    private async Task<HttpResponseMessage> ManageAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Add("X-Tyk-Authorization", Secret);
        return (await _http.SendAsync(request)).EnsureSuccessStatusCode();
    }

    private double Median(Func<(double Rate, double Cpu, double StoreCpu), double> figure)
    {
        var sorted = _rounds.Select(figure).Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
