using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAuth.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAuth.Tests.TestHost;

/// <summary>What a test gateway is started with.</summary>
internal sealed class GatewaySetup(TempFolder folder)
{
    private readonly List<string> _settings = [];

    public TempFolder Folder => folder;

    /// <summary>What its keys begin with, where the store is shared.</summary>
    public string Prefix { get; } = RedisServer.NewPrefix();

    /// <summary>Use the machine's clock, for what only real time shows.</summary>
    public bool RealTime { get; set; }

    /// <summary>Watch the configuration directory.</summary>
    public bool Watch { get; set; }

    /// <summary>The management secret; null for none.</summary>
    public string? Secret { get; set; } = TestGateway.Secret;

    /// <summary>Replaces the record store by one around it.</summary>
    public Func<IRecordStore, IRecordStore>? Store { get; set; }

    /// <summary>Changes the services before they are built.</summary>
    public Action<IServiceCollection>? Services { get; set; }

    public void Api(JsonObject definition) => folder.Write($"config/apis/{definition["api_id"]}.json", definition.ToJsonString(Indented));

    public void Policy(string id, JsonObject policy) => folder.Write($"config/policies/{id}.json", new JsonObject { [id] = policy }.ToJsonString(Indented));

    public void Set(string key, string value) => _settings.Add($"--{key}={value}");

    public IReadOnlyList<string> Arguments() =>
    [
        "--urls=http://127.0.0.1:0",
        .. TestStore.Arguments(folder, Prefix),
        "--EdgeAuth:Catalog:Watch=" + (Watch ? "true" : "false"),
        "--EdgeAuth:OAuth:SecretIterations=1000",
        .. Secret is null ? Array.Empty<string>() : ["--EdgeAuth:Management:Secret=" + Secret],
        .. _settings,
    ];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
}
