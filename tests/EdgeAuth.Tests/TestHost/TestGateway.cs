using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using EdgeAuth.Gateway.Hosting;
using EdgeAuth.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeAuth.Tests.TestHost;

/// <summary>
/// The gateway in this process, with its real pipeline, server and store, in a directory of its own, in front of a real upstream. Time is fake
/// unless asked otherwise.
/// </summary>
internal sealed class TestGateway : IAsyncDisposable
{
    public const string Secret = "management-secret";

    private readonly TempFolder _folder;
    private readonly GatewaySetup _setup;
    private readonly WebApplication _app;
    private bool _stopped;

    private TestGateway(TempFolder folder, GatewaySetup setup, WebApplication app, Upstream upstream, FakeTime? time, RecordingLogger logs)
    {
        (_folder, _setup, _app, Upstream, Logs) = (folder, setup, app, upstream, logs);
        Time = time!;
        Http = NewClient();
    }

    public FakeTime Time { get; }

    public Upstream Upstream { get; }

    public RecordingLogger Logs { get; }

    /// <summary>A client of the gateway that follows no redirects and keeps no cookies.</summary>
    public HttpClient Http { get; }

    public string Url => _app.Urls.First();

    /// <summary>Every address it listens on, in the order of its endpoints.</summary>
    public IReadOnlyList<string> Urls => [.. _app.Urls];

    public IServiceProvider Services => _app.Services;

    public TempFolder Folder => _folder;

    /// <summary>What its keys begin with, where the store is shared.</summary>
    public string Prefix => _setup.Prefix;

    /// <summary>Starts a gateway with the definitions given; <paramref name="setup"/> may write more files and settings.</summary>
    public static async Task<TestGateway> StartAsync(Func<string, IEnumerable<JsonObject>> apis, Action<GatewaySetup>? setup = null)
    {
        var folder = new TempFolder();
        var upstream = await Upstream.StartAsync();
        var options = new GatewaySetup(folder);
        foreach (var api in apis(upstream.Url))
        {
            options.Api(api);
        }

        Directory.CreateDirectory(folder.File("config"));
        setup?.Invoke(options);
        return await RunAsync(folder, options, upstream, options.RealTime ? null : new FakeTime());
    }

    private static async Task<TestGateway> RunAsync(TempFolder folder, GatewaySetup setup, Upstream upstream, FakeTime? time)
    {
        var logs = new RecordingLogger();
        var app = GatewayHost.Build(
            new ConfigurationChain(folder.File("config"), setup.Arguments()),
            builder =>
            {
                builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Trace);
                builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
                if (setup.Store is { } wrap)
                {
                    var own = builder.Services.Last(static service => service.ServiceType == typeof(IRecordStore));
                    builder.Services.Replace(ServiceDescriptor.Singleton(services => wrap((IRecordStore)ActivatorUtilities.CreateInstance(services, own.ImplementationType!))));
                }

                setup.Services?.Invoke(builder.Services);
                if (time is not null)
                {
                    builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time));
                    TestStore.UseClock(builder.Services, time);
                }
            });
        await GatewayHost.LoadAsync(app);
        GatewayHost.Map(app);
        await app.StartAsync();
        return new TestGateway(folder, setup, app, upstream, time, logs);
    }

    /// <summary>
    /// Stops this gateway and starts another on its directory and database, in front of the same upstream; <paramref name="change"/> may change
    /// settings.
    /// </summary>
    public async Task<TestGateway> RestartAsync(Action<GatewaySetup>? change = null)
    {
        await StopAsync();
        change?.Invoke(_setup);
        return await RunAsync(_folder, _setup, Upstream, Time);
    }

    /// <summary>As <see cref="RestartAsync"/>, but this gateway ends as a process that is killed does: nothing is handed back.</summary>
    public async Task<TestGateway> RestartAfterCrashAsync()
    {
        _stopped = true;
        Http.Dispose();
        await _app.DisposeAsync();
        return await RunAsync(_folder, _setup, Upstream, Time);
    }

    public HttpClient NewClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(Url) };

    /// <summary>A management call with the secret.</summary>
    public Task<Answer> ManageAsync(string method, string path, HttpContent? content = null) => Http.ManageAsync(method, path, content);

    public Task<Answer> ManageAsync(string method, string path, JsonNode body) => ManageAsync(method, path, Json(body.ToJsonString()));

    /// <summary>A call to an API, with a bearer token if one is given.</summary>
    public Task<Answer> CallAsync(string path, string? token = null, string method = "GET") => Http.CallAsync(path, token, method);

    /// <summary>A request at an API's token endpoint, the client authenticated by Basic.</summary>
    public async Task<Answer> TokenAsync(string api, OAuthClient client, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{api}/oauth/token/") { Content = Form(fields) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client.Id}:{client.Secret}")));
        return await SendAsync(request);
    }

    public Task<Answer> SendAsync(HttpRequestMessage request) => Http.AnswerAsync(request);

    /// <summary>Creates an OAuth client of an API.</summary>
    public async Task<OAuthClient> CreateClientAsync(string api, string redirect = "http://app.example/cb", string? policy = null, JsonObject? more = null)
    {
        var body = more ?? [];
        body["api_id"] = api;
        body["redirect_uri"] = redirect;
        body["policy_id"] = policy;
        var created = (await ManageAsync("POST", "/tyk/oauth/clients/create", body)).ShouldBe(200);
        return new OAuthClient(created.Text("client_id"), created.Text("secret"), redirect);
    }

    /// <summary>Creates a key and returns its text.</summary>
    public async Task<string> CreateKeyAsync(JsonObject session) =>
        (await ManageAsync("POST", "/tyk/keys/create", session)).ShouldBe(200).Text("key");

    /// <summary>Has a user approve a client; returns the code.</summary>
    public async Task<string> AuthorizeAsync(string api, OAuthClient client, JsonObject? rules = null, params (string Name, string Value)[] more)
    {
        List<(string, string)> fields = [("response_type", "code"), ("client_id", client.Id), ("redirect_uri", client.RedirectUri), .. more];
        if (rules is not null)
        {
            fields.Add(("key_rules", rules.ToJsonString()));
        }

        return (await ManageAsync("POST", $"/{api}/tyk/oauth/authorize-client/", Form([.. fields]))).ShouldBe(200).Text("code");
    }

    /// <summary>The whole code flow: returns the answer of the token endpoint.</summary>
    public async Task<Answer> IssueAsync(string api, OAuthClient client, JsonObject? rules = null)
    {
        var code = await AuthorizeAsync(api, client, rules);
        return (await TokenAsync(api, client, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", client.RedirectUri))).ShouldBe(200);
    }

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(static field => KeyValuePair.Create(field.Name, field.Value)));

    public async ValueTask DisposeAsync()
    {
        // After a restart the folder and the upstream are the next one's.
        if (_stopped)
        {
            return;
        }

        await StopAsync();
        await Upstream.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StopAsync()
    {
        _stopped = true;
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
