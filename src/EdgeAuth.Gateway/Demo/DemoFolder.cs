using System.Text.Json;

namespace EdgeAuth.Gateway.Demo;

/// <summary>The demo's files, in a directory of their own that goes with the demo.</summary>
internal sealed class DemoFolder : IDisposable
{
    public const string Secret = "demo-secret";

    private readonly string _path;

    private DemoFolder(string path) => _path = path;

    public string ConfigurationPath => Path.Combine(_path, "config");

    public IReadOnlyList<string> Settings =>
    [
        "--EdgeAuth:Management:Secret=" + Secret,
        "--EdgeAuth:Storage:Sqlite:Path=" + Path.Combine(_path, "demo.db"),
        "--EdgeAuth:Catalog:Watch=false",
        "--EdgeAuth:Dialects:Authlete:Enabled=true",
    ];

    public static DemoFolder Create() => new(Directory.CreateTempSubdirectory("edgeauth-demo-").FullName);

    public void WriteConfiguration(string upstream)
    {
        var apis = Path.Combine(ConfigurationPath, "apis");
        Directory.CreateDirectory(apis);
        File.WriteAllText(Path.Combine(apis, "demo.json"), $$"""
            {
              "api_id": "demo",
              "name": "Demo API",
              "use_oauth2": true,
              "oauth_meta": {
                "allowed_access_types": ["authorization_code", "refresh_token"],
                "allowed_authorize_types": ["code"],
                "auth_login_redirect": "http://127.0.0.1/login"
              },
              "version_data": { "not_versioned": true },
              "proxy": { "listen_path": "/demo/", "target_url": {{JsonSerializer.Serialize(upstream)}}, "strip_listen_path": true }
            }
            """);
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(_path, recursive: true);
        }
        catch (IOException)
        {
            // A file that is still held goes with the system's temporary files.
        }
    }
}
